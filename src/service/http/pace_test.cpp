#include "service/http/pace.hpp"

#include <gtest/gtest.h>

namespace neve::service {
namespace {

using std::chrono::milliseconds;

constexpr Pace::Clock::time_point kStart{};

TEST(Pace, ABodyMayTakeLongerThanAPauseIfItKeepsComing) {
  Pace pace(milliseconds(500), 1000, kStart);
  auto now = kStart;
  for (int i = 0; i < 100; ++i) {
    EXPECT_GT(pace.left(now, now + milliseconds(400)).count(), 0) << i;
    now += milliseconds(400);
    pace.add(400);
  }
}

TEST(Pace, ABodyThatFallsBehindIsNotWaitedForHoweverOftenSomethingComes) {
  Pace pace(milliseconds(500), 1000, kStart);
  auto now = kStart;
  for (int i = 0; i < 5; ++i) {  // half as fast as it should be: 200 ms more behind each time
    EXPECT_EQ(pace.left(now, now), milliseconds(500 - i * 200)) << i;
    now += milliseconds(400);
    pace.add(200);
  }
}

TEST(Pace, AFastBeginningEarnsNoLongSilence) {
  Pace pace(milliseconds(500), 1000, kStart);
  pace.add(1'000'000);
  EXPECT_EQ(pace.left(kStart, kStart), milliseconds(500));
  EXPECT_EQ(pace.left(kStart, kStart + milliseconds(500)), milliseconds(0));
}

TEST(Pace, WithoutARateOnlyTheWholeCounts) {
  Pace pace(milliseconds(500), 0, kStart);
  pace.add(1'000'000);
  EXPECT_EQ(pace.left(kStart + milliseconds(400), kStart + milliseconds(400)), milliseconds(100));
}

}  // namespace
}  // namespace neve::service
