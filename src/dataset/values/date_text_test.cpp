#include "dataset/values/date_text.hpp"

#include <gtest/gtest.h>

#include "dataset/columns/cell_converter.hpp"

namespace neve::dataset {
namespace {

std::string read(std::string_view cell, bool day_first = false) {
  const auto date = parse_date(cell);
  if (!date) return "none";
  const auto days = days_of(*date, day_first);
  return days ? date_text(*days) : "impossible";
}

TEST(DateText, ReadsTheUsualForms) {
  for (const char* cell : {"2024-01-31",
                           "2024/1/31",
                           "2024.01.31",
                           "20240131",
                           "31 Jan 2024",
                           "31-Jan-24",
                           "31. Januar 2024",
                           "Jan 31, 2024",
                           "January 31 2024",
                           "31/01/2024",
                           "01/31/2024",
                           "31.1.24",
                           "2024-01-31T00:00:00Z",
                           "2024-Jan-31",
                           "2024年1月31日",
                           "2024年01月31日 10:22",
                           "2024년 1월 31일",
                           "31 de enero de 2024",
                           "31 janeiro 2024",
                           "31 января 2024 г.",
                           "31 STYCZNIA 2024",
                           "31. ledna 2024",
                           "31 Ocak 2024",
                           "31st January 2024",
                           "January 31st, 2024",
                           "lundi 31 janvier 2024",
                           "Mittwoch, 31. Januar 2024",
                           "Mi. 31.1.2024",
                           "miércoles, 31 de enero de 2024",
                           "31. 1. 2024",
                           "2024. 01. 31.",
                           "2024. 1. 31",
                           "2024.01.31.",
                           "令和6年1月31日",
                           "2024-01-31 10:22",
                           "2024-01-31 10:22:33.5 PM",
                           "31.1.2024 as of 29.1.2024",
                           "2024-01-31T10:22:33+01:00"}) {
    EXPECT_EQ(read(cell, !std::string_view(cell).starts_with("01/31")), "2024-01-31") << cell;
  }
  EXPECT_EQ(read("03/04/2024", true), "2024-04-03");
  EXPECT_EQ(read("03/04/2024", false), "2024-03-04");
  EXPECT_EQ(read("31/01/2024", false), "impossible");
}

TEST(DateText, BookingsThatCountFromAnotherDayAreOfTheirOwn) {
  EXPECT_EQ(read("01/16/2024 as of 01/12/2024"), "2024-01-16");
  EXPECT_EQ(read("01/16/2024 as of today"), "none");
  EXPECT_EQ(read("as of 01/12/2024"), "none");
}

TEST(DateText, ReadsMonthsAndQuartersAsTheirFirstDay) {
  for (const char* cell : {"2024-04", "2024-M04", "2024M04", "2024M4", "2024_M04", "Apr 2024", "April 2024", "04/2024",
                           "Apr-24", "Apr'24", "Apr '24",
                           "Apr\xE2\x80\x99"
                           "24",
                           "2024-Apr", "2024 April", "2024Apr"}) {
    EXPECT_EQ(read(cell), "2024-04-01") << cell;
    EXPECT_EQ(parse_date(cell)->shape, DateShape::month) << cell;
  }
  for (const char* cell : {"2024-Q2", "2024Q2",  "2024_Q2",   "Q2 2024",    "Q2-2024", "Q2'24",     "2Q'24",
                           "Q2_2024", "Q2 FY24", "Q2 FY2024", "2Q FY 2024", "FY24 Q2", "FY2024-Q2", "FY24Q2",
                           "T2 2024", "2T 2024", "2T2024",    "T2-2024",    "T2/2024", "2024-T2",   "2024 T2"}) {
    EXPECT_EQ(read(cell), "2024-04-01") << cell;
    EXPECT_EQ(parse_date(cell)->shape, DateShape::quarter) << cell;
  }
}

TEST(DateText, ReadsMonthsAndQuartersOfOtherLanguages) {
  for (const char* cell : {"abr 2024", "aprile 2024", "Abril de 2024", "КВІТЕНЬ 2024", "апрель 2024 г.", "nisan 2024",
                           "kwi 2024", "2024年4月", "2024년 04월", "duben 2024", "ápr 2024"}) {
    EXPECT_EQ(read(cell), "2024-04-01") << cell;
    EXPECT_EQ(parse_date(cell)->shape, DateShape::month) << cell;
  }
  for (const char* cell :
       {"2. Quartal 2024", "2.Quartal 2024", "2 кв. 2024", "2 Квартал 2024", "2 trimestre 2024", "2e trimestre 2024",
        "2º trimestre 2024", "2 trim. 2024", "2024年第2季度", "2024年2季度", "2024年Q2", "2024년 2분기"}) {
    EXPECT_EQ(read(cell), "2024-04-01") << cell;
    EXPECT_EQ(parse_date(cell)->shape, DateShape::quarter) << cell;
  }
  for (const char* cell : {"5. Quartal 2024", "2. Quartal 24", "2. Quartal", "2024年13月", "2024年5季度",
                           "2024年2月30日", "2024年2", "2024年", "2 de 2024", "2024年1月5"})
    EXPECT_EQ(read(cell), "none") << cell;
}

TEST(DateText, RefusesWhatIsNoDay) {
  for (const char* cell : {"2024-02-30",
                           "2023-02-29",
                           "2024-13-01",
                           "32/01/2024",
                           "1900-02-29",
                           "20241301",
                           "2024.01",
                           "1.5",
                           "12",
                           "2024-01-31x",
                           "2024-01-31 25:00",
                           "2024-1",
                           "Q5 2024",
                           "Jam 2024",
                           "31/01-2024",
                           "0000-01-01",
                           "2024M13",
                           "2024-W05",
                           "2024-Jan-32",
                           "2024-Jan-",
                           "2024 Jam",
                           "2024_01",
                           "Jan''24",
                           "",
                           "T12024",
                           "T1 24",
                           "T1-01",
                           "1T23",
                           "T5 2024",
                           "T1 1500",
                           "31th1 January 2024",
                           "Mi 31",
                           "FY24",
                           "FY24 1",
                           "2024. 1",
                           "5. 2024",
                           "令和6年2月30日",
                           "\u200B 2024",
                           "\uFDFA\uFDFA 2024"}) {
    EXPECT_EQ(read(cell), "none") << cell;
  }
  EXPECT_EQ(read("2024-02-29"), "2024-02-29");
}

TEST(DateText, KnowsTheFirstOfAMonth) {
  for (const char* cell : {"1er janvier 2024", "1º de enero de 2024", "1st January 2024", "Jan 1st 2024",
                           "1. ledna 2024", "1° gennaio 2024", "Montag, 1. Januar 2024"})
    EXPECT_EQ(read(cell), "2024-01-01") << cell;
  EXPECT_EQ(read("昭和64年1月7日"), "1989-01-07");
  EXPECT_EQ(read("平成元年1月8日"), "1989-01-08");
  EXPECT_EQ(read("平成32年1月8日"), "none");
}

TEST(DateText, SaysWhatWasLeftOutOrAssumed) {
  EXPECT_TRUE(parse_date("T1 2024")->trimester);
  EXPECT_FALSE(parse_date("Q1 2024")->trimester);
  EXPECT_TRUE(parse_date("2024-01-31 10:22")->has_time);
  for (const char* const text : {"1/31/2024, 9:30:00 AM", "1/31/2024, 9:30:00\u202FPM", "31.1.2024, 09:30:00",
                                 "2024-01-31, 20:25:00", "Jan 31, 2024, 9:30 AM"}) {
    EXPECT_TRUE(parse_date(text) && parse_date(text)->has_time) << text;
  }
  EXPECT_FALSE(parse_date("31.1.2024,5"));
  EXPECT_FALSE(parse_date("31.1.2024,T10:22"));
  EXPECT_FALSE(parse_date("2024-01-31T00:00:00")->has_time);
  EXPECT_TRUE(parse_date("31.1.24")->short_year);
  EXPECT_EQ(parse_date("31.1.69")->year, 1969);
  EXPECT_EQ(parse_date("31.1.68")->year, 2068);
}

TEST(DateText, ReadsHalvesOfYearsAsTheirFirstDays) {
  for (const char* cell :
       {"H2 2023", "2H23", "2H 2023", "H2'23", "HY2 2023", "HJ2 2023", "2HJ 2023", "2023H2", "2023-H2", "2023 HY2",
        "H2-2023", "H2/2023", "H2 FY23", "2. Halbjahr 2023", "2 полугодие 2023", "2e semestre 2023", "II półrocze 2023",
        "II. Halbjahr 2023", "2nd half 2023"}) {
    EXPECT_EQ(read(cell), "2023-07-01") << cell;
    EXPECT_EQ(parse_date(cell)->shape, DateShape::half) << cell;
  }
  EXPECT_EQ(read("1H24"), "2024-01-01");
  for (const char* cell : {"H3 2023", "H12023", "H1N1 2009", "H10 2023", "3. Halbjahr 2023", "III półrocze 2023", "H1",
                           "1H", "H1 2500", "S1 2023", "2023-H3", "1H2", "1h24", "2h05", "1h 30"})
    EXPECT_EQ(read(cell), "none") << cell;
}

TEST(DateText, ReadsQuartersInRomanOnlyWhereAWordSaysSo) {
  for (const char* cell : {"II кв. 2023", "II квартал 2023", "Q.II 2023", "QII 2023", "Q II 2023", "2023-QII",
                           "2023 QII", "II. Quartal 2023", "II kw. 2023", "II kwartał 2023", "II trimestre 2023"})
    EXPECT_EQ(read(cell), "2023-04-01") << cell;
  EXPECT_EQ(read("IV кв. 2023"), "2023-10-01");
  EXPECT_EQ(read("Iulie 2023"), "2023-07-01");
  for (const char* cell : {"II/2023", "2023-III", "III 2023", "V кв. 2023", "QV 2023", "II 2023", "I.2023", "Q. 2023"})
    EXPECT_EQ(read(cell), "none") << cell;
}

}  // namespace
}  // namespace neve::dataset
