#include "cli/text/time_text.hpp"

#include <gtest/gtest.h>

namespace neve::cli {
namespace {

TEST(TimeText, ClocksTick) {
  EXPECT_EQ(clock_text(12.9), "00:12");
  EXPECT_EQ(clock_text(3661), "1:01:01");
}

TEST(TimeText, TimesAreSeenFromNow) {
  const TimePoint now(std::chrono::hours(1'000'000));
  EXPECT_EQ(relative_text(now - std::chrono::seconds(180), now), "3 min ago");
  EXPECT_EQ(relative_text(now + std::chrono::hours(5), now), "in 5 h");
  EXPECT_EQ(relative_text(now, now), "now");
}

}  // namespace
}  // namespace neve::cli
