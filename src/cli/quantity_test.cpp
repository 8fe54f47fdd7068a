#include "cli/quantity.hpp"

#include <gtest/gtest.h>

namespace neve::cli {
namespace {

TEST(Quantity, BytesHaveThreeDigitsAndABinaryUnit) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(1536), "1.50 KiB");
  EXPECT_EQ(bytes_text(std::uint64_t{15} << 20), "15.0 MiB");
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

TEST(Quantity, ClocksTick) {
  EXPECT_EQ(clock_text(12.9), "00:12");
  EXPECT_EQ(clock_text(3661), "1:01:01");
}

TEST(Quantity, TimesAreSeenFromNow) {
  const TimePoint now(std::chrono::hours(1'000'000));
  EXPECT_EQ(relative_text(now - std::chrono::seconds(180), now), "3 min ago");
  EXPECT_EQ(relative_text(now + std::chrono::hours(5), now), "in 5 h");
  EXPECT_EQ(relative_text(now, now), "now");
}

}  // namespace
}  // namespace neve::cli
