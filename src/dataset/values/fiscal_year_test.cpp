#include "dataset/values/fiscal_year.hpp"

#include <gtest/gtest.h>

namespace neve::dataset {
namespace {

TEST(FiscalYear, IsCalledByTheYearInWhichItBegins) {
  for (const char* cell : {"2009/10", "2009-10", "2009/2010", "2009-2010", "2009\u201310", "FY2009/10", "fy 09/10"}) {
    const auto fiscal = parse_fiscal_year(cell);
    ASSERT_TRUE(fiscal) << cell;
    EXPECT_EQ(fiscal->year, 2009) << cell;
    EXPECT_TRUE(fiscal->range) << cell;
  }
  EXPECT_EQ(parse_fiscal_year("1999/00")->year, 1999);
  EXPECT_EQ(parse_fiscal_year("1999/2000")->year, 1999);
}

TEST(FiscalYear, IsCalledAsItIsNamed) {
  for (const char* cell :
       {"FY2023", "FY23", "fy 2023", "Fy 23", "2023年", "2023年度", "2023년", "令和5年", "令和5年度"}) {
    const auto fiscal = parse_fiscal_year(cell);
    ASSERT_TRUE(fiscal) << cell;
    EXPECT_EQ(fiscal->year, 2023) << cell;
    EXPECT_FALSE(fiscal->range) << cell;
  }
  EXPECT_TRUE(parse_fiscal_year("FY23")->short_year);
  EXPECT_EQ(parse_fiscal_year("FY98")->year, 1998);
}

TEST(FiscalYear, IsNothingElse) {
  for (const char* cell :
       {"2009",      "2009/11", "2009/09",  "2009-01", "2009/1",  "2009/010",   "09/10",     "2009.10", "2009/10/11",
        "FY",        "FY1",     "FY123",    "FY20231", "FYI 23",  "1234/35",    "2009/2011", "2009 10", "fy2009/",
        "2009/10年", "23年",    "FY2023年", "令和年",  "令和0年", "令和5年1月", "令和"}) {
    EXPECT_FALSE(parse_fiscal_year(cell)) << cell;
  }
}

}  // namespace
}  // namespace neve::dataset
