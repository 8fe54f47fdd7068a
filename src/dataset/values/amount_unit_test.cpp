#include "dataset/values/amount_unit.hpp"

#include <gtest/gtest.h>

namespace neve::dataset {
namespace {

int power(std::string_view text) {
  const auto unit = amount_unit_of(text);
  return unit ? unit->power : -1;
}

TEST(AmountUnit, IsACurrencyAScaleOrBoth) {
  for (const char* text : {"EUR", "€", "$", "Units"}) EXPECT_EQ(power(text), 0) << text;
  for (const char* text :
       {"TEUR", "T€", "kEUR", "k €", "EUR k", "$000", "$'000", "USD thousand", "Thousands", "Tsd. EUR"})
    EXPECT_EQ(power(text), 3) << text;
  for (const char* text : {"MEUR", "Mio. €", "Mio EUR", "$m", "$ (millions)", "USD, Millions", "Mkr", "GBP mn"})
    EXPECT_EQ(power(text), 6) << text;
  for (const char* text : {"Mrd. EUR", "$bn", "Billions"}) EXPECT_EQ(power(text), 9) << text;
  EXPECT_TRUE(amount_unit_of("TEUR")->currency);
  EXPECT_FALSE(amount_unit_of("Millions")->currency);
}

TEST(AmountUnit, IsNoOtherText) {
  for (const char* text : {"", "m", "k", "M", "tall", "kg", "km", "t", "pcs", "EURO", "Main", "North", "b2b"})
    EXPECT_EQ(power(text), -1) << text;
}

}  // namespace
}  // namespace neve::dataset
