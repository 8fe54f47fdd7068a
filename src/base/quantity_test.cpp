#include <neve/base/quantity.hpp>

#include <gtest/gtest.h>

namespace neve {
namespace {

TEST(Quantity, BytesHaveThreeDigitsAndABinaryUnit) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(1536), "1.50 KiB");
  EXPECT_EQ(bytes_text(std::uint64_t{15} << 20), "15.0 MiB");
  EXPECT_EQ(bytes_text(1048376), "1.00 MiB");
  EXPECT_EQ(bytes_text((std::uint64_t{1} << 30) - 1), "1.00 GiB");
  EXPECT_EQ(bytes_text(std::uint64_t{200} << 40), "200 TiB");
}

TEST(Quantity, SecondsChooseTheirUnit) {
  EXPECT_EQ(seconds_text(0), "-");
  EXPECT_EQ(seconds_text(85e-6), "85.0 us");
  EXPECT_EQ(seconds_text(0.0123), "12.3 ms");
  EXPECT_EQ(seconds_text(4.56), "4.56 s");
  EXPECT_EQ(seconds_text(200), "3 min 20 s");
  EXPECT_EQ(seconds_text(18720), "5 h 12 min");
  EXPECT_EQ(seconds_text(3600), "1 h");
  EXPECT_EQ(seconds_text(3 * 86400 + 3600), "3 d 1 h");
}

TEST(Quantity, SecondsThatRoundToAThousandTakeTheNextUnit) {
  EXPECT_EQ(seconds_text(999.4e-6), "999 us");
  EXPECT_EQ(seconds_text(999.96e-6), "1.00 ms");
  EXPECT_EQ(seconds_text(0.9994), "999 ms");
  EXPECT_EQ(seconds_text(0.9996), "1.00 s");
  EXPECT_EQ(seconds_text(999.7), "16 min 40 s");
}

TEST(Quantity, RatesHaveNoExponent) {
  EXPECT_EQ(rate_text(10234), "10234/s");
  EXPECT_EQ(rate_text(250, "stages"), "250 stages/s");
  EXPECT_EQ(rate_text(3.6, "%"), "3.60 %/s");
  EXPECT_EQ(rate_text(0.05, "stages"), "3.00 stages/min");
  EXPECT_EQ(rate_text(0.001), "3.60/h");
}

TEST(Quantity, OneIsSingular) {
  EXPECT_EQ(count_text(1, "entry", "entries"), "1 entry");
  EXPECT_EQ(count_text(0, "entry", "entries"), "0 entries");
}

}  // namespace
}  // namespace neve
