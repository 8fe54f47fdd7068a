#include "cache/redis/wire/deadline.hpp"

#include <gtest/gtest.h>

namespace neve::redis {
namespace {

constexpr std::chrono::milliseconds kBase{1};
constexpr std::uint64_t kSecond = 1;  // bytes that may take one

TEST(Deadline, APauseIsShortHoweverMuchHasArrived) {
  Deadline deadline(kBase, kSecond);
  deadline.sent();
  deadline.received(3600);
  EXPECT_LE(deadline.remaining(), 5 * kBase);
}

TEST(Deadline, WhatIsAnsweredAtOnceDoesNotHurryWhatIsStillOnItsWay) {
  Deadline deadline(kBase, kSecond);
  deadline.allow(3600);
  deadline.sent();
  deadline.received(5);  // as `+OK` to the MULTI before a large SET
  EXPECT_GT(deadline.remaining(), std::chrono::minutes(30));
}

}  // namespace
}  // namespace neve::redis
