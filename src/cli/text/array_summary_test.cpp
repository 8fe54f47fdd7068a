#include "cli/text/array_summary.hpp"

#include <cmath>
#include <complex>

#include <gtest/gtest.h>

namespace neve::cli {
namespace {

TEST(ArraySummary, GivesTypeShapeBytesAndRange) {
  const Json summary = array_summary(Array::from(std::vector<double>{3, -1.5, 2, 0}, {2, 2}));
  EXPECT_EQ(summary, Json({{"dtype", "float64"}, {"shape", {2, 2}}, {"bytes", 32}, {"min", -1.5}, {"max", 3.0}}));
}

TEST(ArraySummary, CountsWhatIsNotFinite) {
  const Json summary = array_summary(Array::from(std::vector<float>{NAN, 1, INFINITY}));
  EXPECT_EQ(summary["min"], 1.0);
  EXPECT_EQ(summary["max"], 1.0);
  EXPECT_EQ(summary["not_finite"], 2);
}

TEST(ArraySummary, ComplexNumbersAreComparedByMagnitude) {
  const Json summary = array_summary(Array::from(std::vector<std::complex<double>>{{3, 4}, {0, 1}}));
  EXPECT_EQ(summary["min"], 1.0);
  EXPECT_EQ(summary["max"], 5.0);
}

TEST(ArraySummary, EmptyAndForeignArraysHaveNoRange) {
  EXPECT_FALSE(array_summary(Array::from(std::vector<double>{})).contains("min"));
  EXPECT_FALSE(
      array_summary(Array(DType::parse(">f8"), {1}, Order::c, Bytes::from(std::string(8, 'x')))).contains("min"));
}

TEST(ArraySummary, ShapesLookLikePythons) {
  EXPECT_EQ(shape_text({}), "()");
  EXPECT_EQ(shape_text({3}), "(3,)");
  EXPECT_EQ(shape_text({3, 4}), "(3, 4)");
}

}  // namespace
}  // namespace neve::cli
