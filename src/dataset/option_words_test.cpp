#include <neve/dataset/option_words.hpp>

#include <gtest/gtest.h>

#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

TEST(OptionWords, ADecimalMarkIsAWordOrItself) {
  EXPECT_EQ(parse_decimal_mark("point"), '.');
  EXPECT_EQ(parse_decimal_mark("."), '.');
  EXPECT_EQ(parse_decimal_mark("comma"), ',');
  EXPECT_EQ(parse_decimal_mark(","), ',');
  EXPECT_THROW((void)parse_decimal_mark("c"), Error);
  EXPECT_THROW((void)parse_decimal_mark(""), Error);
}

TEST(OptionWords, RowsOfSumsAreKeptOrExcluded) {
  EXPECT_EQ(parse_total_rows_use("keep"), TotalRowsUse::keep);
  EXPECT_EQ(parse_total_rows_use("exclude"), TotalRowsUse::exclude);
  EXPECT_THROW((void)parse_total_rows_use("yes"), Error);
}

}  // namespace
}  // namespace neve::dataset
