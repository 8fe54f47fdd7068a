#include "dataset/values/number_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace neve::dataset {
namespace {

long long micro(std::string_view cell, char mark = '.') {
  const auto number = parse_number(cell, mark);
  return number ? static_cast<long long>(number->micro) : -999'999'999;
}
bool refused(std::string_view cell, char mark = '.') { return !parse_number(cell, mark); }

TEST(NumberText, ReadsMoneyAsPeopleWriteIt) {
  EXPECT_EQ(micro("1234.5"), 1'234'500'000);
  EXPECT_EQ(micro("$1,234.50"), 1'234'500'000);
  EXPECT_EQ(micro("-$1,234.50"), -1'234'500'000);
  EXPECT_EQ(micro("$-7"), -7'000'000);
  EXPECT_EQ(micro("(99.00)"), -99'000'000);
  EXPECT_EQ(micro("($99)"), -99'000'000);
  EXPECT_EQ(micro("$(99)"), -99'000'000);
  EXPECT_EQ(micro("(99,00) €", ','), -99'000'000);
  EXPECT_EQ(micro("1.234,50 €", ','), 1'234'500'000);
  EXPECT_EQ(micro("1'234.50 CHF"), 1'234'500'000);
  EXPECT_EQ(micro("1\u00A0234,5", ','), 1'234'500'000);
  for (const char* mark : {"'", "\u2019", "\u2018", "\u02BC", "\u00A0", "\u202F", "\u2009", "\u2007"})
    EXPECT_EQ(micro("1" + std::string(mark) + "234" + mark + "567"), 1'234'567'000'000) << mark;
  EXPECT_EQ(micro("\u20137"), -7'000'000);
  EXPECT_EQ(micro("\u20117.5"), -7'500'000);
  EXPECT_TRUE(refused("\u2013"));
  EXPECT_EQ(micro("12,34,567"), 1'234'567'000'000);
  EXPECT_TRUE(refused("9.15.062", ','));  // a code: nobody writes points after every two digits
  EXPECT_EQ(micro("12-"), -12'000'000);
  EXPECT_EQ(micro("\u22125"), -5'000'000);
  EXPECT_EQ(micro(".5"), 500'000);
  EXPECT_EQ(micro("+3"), 3'000'000);
  EXPECT_EQ(micro("5 Kč"), 5'000'000);
  EXPECT_EQ(micro("Rs. 12,34,567"), 1'234'567'000'000);
  EXPECT_EQ(micro("5 kr."), 5'000'000);
  EXPECT_EQ(micro("5 k€"), 5'000'000'000);
  EXPECT_EQ(micro("5K Kč"), 5'000'000'000);
}

TEST(NumberText, DashesAfterTheMarkAreNoCentsAndNoMinus) {
  EXPECT_EQ(micro("5,-", ','), 5'000'000);
  EXPECT_EQ(micro("1.234,-", ','), 1'234'000'000);
  EXPECT_EQ(micro("1.234,-- €", ','), 1'234'000'000);
  EXPECT_EQ(micro("-5,– EUR", ','), -5'000'000);
  EXPECT_EQ(micro("Fr. 1'234.—"), 1'234'000'000);
  EXPECT_EQ(micro("SFr. 5.-"), 5'000'000);
  EXPECT_EQ(micro("5,50-", ','), -5'500'000);
  EXPECT_TRUE(refused("5,-5", ','));
  EXPECT_TRUE(refused("5,-"));
  EXPECT_TRUE(refused(",-", ','));
}

TEST(NumberText, ExpandsSuffixesPercentagesAndExponents) {
  EXPECT_EQ(micro("1.5k"), 1'500'000'000);
  EXPECT_EQ(micro("2M"), 2'000'000'000'000);
  EXPECT_EQ(micro("$3bn"), 3'000'000'000'000'000);
  EXPECT_EQ(micro("1,5 Mio. €", ','), 1'500'000'000'000);
  EXPECT_EQ(micro("2 Mrd EUR"), 2'000'000'000'000'000);
  EXPECT_EQ(micro("3 Tsd."), 3'000'000'000);
  EXPECT_EQ(micro("12.5%"), 125'000);
  EXPECT_EQ(micro("12.5 %"), 125'000);
  EXPECT_EQ(micro("1.5e3"), 1'500'000'000);
  EXPECT_EQ(micro("25e-2"), 250'000);
}

TEST(NumberText, ReadsUnitsWithTheirCurrency) {
  for (const char* cell : {"12 TEUR", "12TEUR", "TEUR 12", "T€ 12", "12 T€", "12 tsd. €", "12 kEUR", "k€ 12", "€12k",
                           "12 Tsd. Euro", "12 тыс. руб.", "12 тыс.руб", "12 tys. zł", "12 tkr", "12 thousand euros"})
    EXPECT_EQ(micro(cell), 12'000'000'000) << cell;
  for (const char* cell : {"1.5 MEUR", "1.5 Mio. €", "Mio. € 1.5", "$1.5 million", "1.5 mln zł", "1.5 млн руб.",
                           "1.5 Mio Euro", "1.5 mkr", "MUSD 1.5", "1.5 MM USD", "15 lakh", "-1.5 M€"})
    EXPECT_EQ(micro(cell), cell[0] == '-' ? -1'500'000'000'000 : 1'500'000'000'000) << cell;
  for (const char* cell : {"2 Mrd. Euro", "2 Md €", "2 Mds €", "2 mld zł", "2 млрд руб.", "2 bnUSD"})
    EXPECT_EQ(micro(cell), 2'000'000'000'000'000) << cell;
  for (const char* cell : {"3 руб.", "3 Euro", "3 TL", "TRY 3", "3 TRY", "3元", "3 円", "3원", "￥3"})
    EXPECT_EQ(micro(cell), 3'000'000) << cell;
  EXPECT_EQ(parse_number("12 TEUR", '.')->currency, "EUR");
}

TEST(NumberText, LeavesUnitsThatMeanSeveralThings) {
  // Metres, and what statistics mark a break in a series with.
  for (const char* cell : {"12 m", "130.2 b", "12\u00A0b", "-12 m", "(12 m)"}) EXPECT_TRUE(refused(cell)) << cell;
  for (const char* cell : {"12 m€", "12 m €", "$12 m", "12 M", "12m", "12 m EUR"})
    EXPECT_EQ(micro(cell), 12'000'000'000'000) << cell;
  for (const char* cell : {"12 T", "$12T", "12 t", "12 mm", "12 Md", "1.5 billion", "12 mil.", "B$ 5", "Euro 2024",
                           "TL 100", "Mio. 5", "12 TEUR/t", "12 kk€", "T 12 €", "12 тысяч",
                           // Bottles, metres, lead, reais, baud.
                           "12 BTL", "12 MTL", "12 TTL", "12 Blei", "12 BR$", "9600 BAUD", "2024 р."})
    EXPECT_TRUE(refused(cell)) << cell;
}

TEST(NumberText, RoundsHalfToEvenAtSixDecimals) {
  EXPECT_EQ(micro("0.0000005"), 0);
  EXPECT_EQ(micro("0.0000015"), 2);
  EXPECT_EQ(micro("0.0000025"), 2);
  EXPECT_EQ(micro("0.00000250000000000000000001"), 3);
  EXPECT_EQ(micro("-0.0000015"), -2);
  EXPECT_NE(parse_number("0.1234567", '.')->traits & kRounded, 0);
  EXPECT_EQ(parse_number("0.1234560", '.')->traits & kRounded, 0);
}

TEST(NumberText, IsExactToTheLastDigit) {
  const auto number = parse_number("9999999999999999999999999999999.999999", '.');
  ASSERT_TRUE(number);
  EXPECT_TRUE(number->micro % 10 == 9 && number->micro / 1'000'000 % 10 == 9);
  EXPECT_TRUE(refused("99999999999999999999999999999999"));
  EXPECT_TRUE(refused("1e40"));
  EXPECT_TRUE(refused("1e999999999999"));
}

TEST(NumberText, RefusesWhatOnlyLooksLikeANumber) {
  for (const char* cell : {"",      "-",   "$",   "(5",  "5)",  "1,23",  "1,2345",      "1,23,45",
                           "1.2.3", "12a", "a12", "--5", "5%%", "5kk",   "1 2",         "2024-01-31",
                           "k",     "%",   "e5",  "1e",  "$$5", "0,123", "5 Mio taler", "1,,234"}) {
    EXPECT_TRUE(refused(cell)) << cell;
  }
}

TEST(NumberText, TellsCreditsAndDebits) {
  for (const char* cell : {"5 CR", "9.50DR", "1,234.00 Cr", "$5 dr"}) EXPECT_TRUE(is_credit_or_debit(cell)) << cell;
  for (const char* cell : {"CR", "5", "5 R", "five CR", "5 CRX", "MR"}) EXPECT_FALSE(is_credit_or_debit(cell)) << cell;
}

TEST(NumberText, MarksCodes) {
  EXPECT_NE(parse_number("007", '.')->traits & kLeadingZero, 0);
  EXPECT_EQ(parse_number("0", '.')->traits & kLeadingZero, 0);
  EXPECT_EQ(parse_number("0.5", '.')->traits & kLeadingZero, 0);
  EXPECT_NE(parse_number("1234567890123456789", '.')->traits & kManyDigits, 0);
}

}  // namespace
}  // namespace neve::dataset
