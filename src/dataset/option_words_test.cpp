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

TEST(OptionWords, DelimitersAndQuotesAreOneCharacter) {
  EXPECT_EQ(parse_delimiter("tab"), '\t');
  EXPECT_EQ(parse_delimiter("\\t"), '\t');
  EXPECT_EQ(parse_delimiter("\t"), '\t');
  EXPECT_EQ(parse_delimiter("|"), '|');
  EXPECT_EQ(parse_quote("'"), '\'');
  EXPECT_EQ(parse_quote("none"), '\0');
  EXPECT_THROW((void)parse_delimiter("none"), Error);
  EXPECT_THROW((void)parse_quote("tab"), Error);
  for (const char* word : {"", " ", "ab", "\n", "\xC3", "ä"}) {
    EXPECT_THROW((void)parse_delimiter(word), Error) << word;
    EXPECT_THROW((void)parse_quote(word), Error) << word;
  }
}

TEST(OptionWords, RowsOfSumsAreKeptOrExcluded) {
  EXPECT_EQ(parse_total_rows_use("keep"), TotalRowsUse::keep);
  EXPECT_EQ(parse_total_rows_use("exclude"), TotalRowsUse::exclude);
  EXPECT_THROW((void)parse_total_rows_use("yes"), Error);
}

}  // namespace
}  // namespace neve::dataset
