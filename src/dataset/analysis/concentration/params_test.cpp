#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/dataset/analysis/concentration.hpp>

#include "support/refusal.hpp"

namespace neve::dataset {
namespace {

std::vector<std::string> texts(const std::vector<Threshold>& thresholds) {
  std::vector<std::string> result;
  for (const Threshold& threshold : thresholds) result.push_back(threshold.text());
  return result;
}

TEST(Thresholds, AreSortedAndKeptOnce) {
  EXPECT_EQ(texts(parse_thresholds("50, 10,20.50,010,20.5")), (std::vector<std::string>{"10", "20.5", "50"}));
  EXPECT_EQ(texts(parse_thresholds("0.000001,100")), (std::vector<std::string>{"0.000001", "100"}));
}

TEST(Thresholds, OutOfRangeAreRefusedWithTheRange) {
  for (const char* text : {"0", "100.000001", "-1", "", "10,,20", "ten", "1e1", "0.0000001", "99999999999999999999"}) {
    const std::string message = refusal_of([text] { static_cast<void>(parse_thresholds(text)); });
    EXPECT_NE(message.find("above 0 and at most 100"), std::string::npos) << text << ": " << message;
  }
  std::string many = "1";
  for (int i = 2; i <= 21; ++i) many += "," + std::to_string(i);
  EXPECT_NE(refusal_of([&] { static_cast<void>(parse_thresholds(many)); }).find("1 to 20"), std::string::npos);
}

TEST(Grains, MisspeltAreAnsweredWithTheNearest) {
  EXPECT_EQ(parse_grain("year_quarter"), Grain::quarter);
  EXPECT_NE(refusal_of([] { static_cast<void>(parse_grain("mounth")); }).find("month"), std::string::npos);
}

TEST(Decimals, OnlyShortestFormsAreRead) {
  for (const char* good : {"0", "-0.5", "10", "4546.67"}) EXPECT_EQ(DecimalText::parse(good).text(), good);
  for (const char* bad : {"", "-", "-0", "1.0", "1.", ".5", "01", "1e3", "+1", "0.10", " 1"}) {
    EXPECT_THROW(static_cast<void>(DecimalText::parse(bad)), Error) << bad;
  }
}

}  // namespace
}  // namespace neve::dataset
