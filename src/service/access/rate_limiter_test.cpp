#include "service/access/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace neve::service {
namespace {

TEST(RateLimiter, ABurstMayPassAndThenTheRate) {
  ManualClock clock(TimePoint(std::chrono::seconds(1000)));
  RateLimiter limiter(10, 3, clock);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limiter.take("a"));
  const auto wait = limiter.take("a");
  ASSERT_TRUE(wait);
  EXPECT_NEAR(*wait, 0.1, 1e-9);
  EXPECT_FALSE(limiter.take("b")) << "each caller has a bucket of its own";
  clock.advance(std::chrono::milliseconds(100));
  EXPECT_FALSE(limiter.take("a"));
  EXPECT_TRUE(limiter.take("a"));
  clock.advance(std::chrono::hours(1));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limiter.take("a"));
  EXPECT_TRUE(limiter.take("a")) << "an hour of silence earns no more than the burst";
}

TEST(RateLimiter, ForgetsCallersThatSayNothing) {
  ManualClock clock(TimePoint(std::chrono::seconds(1000)));
  RateLimiter limiter(1, 1, clock);
  EXPECT_FALSE(limiter.take("first"));
  for (int i = 0; i < 5000; ++i) EXPECT_FALSE(limiter.take(std::to_string(i)));
  EXPECT_TRUE(limiter.take("first")) << "a crowd empties nobody's bucket";
}

TEST(RateLimiter, WithoutABurstTheRatePasses) {
  ManualClock clock{TimePoint(std::chrono::seconds(1'700'000'000))};
  RateLimiter limiter(2, 0, clock);
  EXPECT_FALSE(limiter.take("a"));
  EXPECT_TRUE(limiter.take("a"));
  clock.advance(std::chrono::milliseconds(500));
  EXPECT_FALSE(limiter.take("a"));
}

TEST(RateLimiter, WithoutARateEverythingPasses) {
  ManualClock clock(TimePoint(std::chrono::seconds(1000)));
  RateLimiter limiter(0, 1, clock);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limiter.take("a"));
}

}  // namespace
}  // namespace neve::service
