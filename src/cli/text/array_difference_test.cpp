#include "cli/text/array_difference.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace neve::cli {
namespace {

Array doubles(std::vector<double> values) { return Array::from(std::move(values)); }

TEST(ArrayDifference, OfEqualArraysIsNone) {
  const auto found = difference(doubles({1, NAN, 0}), doubles({1, NAN, -0.0}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->elements, 3U);
  EXPECT_EQ(found->different, 0U);
  EXPECT_FALSE(found->absolute || found->relative || found->norm);
  EXPECT_TRUE(found->at.empty());
}

TEST(ArrayDifference, SaysHowFarAndWhere) {
  const auto found = difference(doubles({1, 2, 100, 0}), doubles({1, 4, 101, 0.5}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->different, 3U);
  EXPECT_EQ(found->absolute, 2.0);
  EXPECT_EQ(found->relative, 1.0) << "at the last element: 0.5 of 0.5";
  EXPECT_DOUBLE_EQ(found->norm.value(), std::sqrt((4 + 1 + 0.25) / (1 + 16 + 101 * 101 + 0.25)));
  EXPECT_EQ(found->at, Shape{1});
}

TEST(ArrayDifference, CountsApartWhatIsNotFinite) {
  const auto found = difference(doubles({NAN, 1, INFINITY}), doubles({0, 1, -INFINITY}));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->different, 2U);
  EXPECT_EQ(found->not_finite, 2U);
  EXPECT_FALSE(found->absolute);
  EXPECT_EQ(found->at, Shape{0});
}

TEST(ArrayDifference, ComparesElementsAtTheSameIndexWhateverTheOrderInMemory) {
  const Array rows = Array::from(std::vector<int>{1, 2, 3, 4, 5, 6}, {2, 3});
  const Array columns(DType::of<int>(), {2, 3}, Order::fortran, Bytes::from(std::vector<int>{1, 4, 2, 5, 3, 7}));
  const auto found = difference(rows, columns);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->different, 1U);
  EXPECT_EQ(found->at, (Shape{1, 2}));
  EXPECT_EQ(difference(columns, rows)->at, (Shape{1, 2}));
}

TEST(ArrayDifference, ComparesNumbersOfDifferentTypes) {
  EXPECT_EQ(difference(doubles({1, 2}), Array::from(std::vector<float>{1, 2}))->different, 0U);
  const auto complex = difference(Array::from(std::vector<std::complex<double>>{{3, 4}}), doubles({0}));
  EXPECT_EQ(complex->absolute, 5.0);
}

TEST(ArrayDifference, TellsLargeIntegersApart) {
  constexpr std::int64_t kLarge = std::numeric_limits<std::int64_t>::max();
  const auto found = difference(Array::from(std::vector<std::int64_t>{kLarge}), Array::from(std::vector{kLarge - 1}));
  EXPECT_EQ(found->different, 1U);
  EXPECT_EQ(found->absolute, 1.0);
}

TEST(ArrayDifference, ComparesTextsByTheirBytes) {
  const auto text = [](const char* value) {
    return Array(DType::parse("|S2"), {2}, Order::c, Bytes::copy_of(std::as_bytes(std::span(value, 4))));
  };
  const auto found = difference(text("abcd"), text("abce"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->different, 1U);
  EXPECT_EQ(found->at, Shape{1});
  EXPECT_FALSE(found->absolute);
}

TEST(ArrayDifference, IsNotToBeHadOfOtherShapesAndTypes) {
  EXPECT_FALSE(difference(doubles({1, 2}), doubles({1})));
  EXPECT_FALSE(difference(Array::from(std::vector<double>{1, 2}, {1, 2}), doubles({1, 2})));
  EXPECT_FALSE(
      difference(Array(DType::parse("<U1"), {0}, Order::c, {}), Array(DType::parse("|S1"), {0}, Order::c, {})));
  EXPECT_EQ(difference(doubles({}), doubles({}))->elements, 0U);
}

}  // namespace
}  // namespace neve::cli
