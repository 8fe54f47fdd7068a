#include "cache/guard/connecting_allowance.hpp"

#include <gtest/gtest.h>

namespace neve {
namespace {

using std::chrono::milliseconds;

TEST(ConnectingAllowance, IsForARunThatBeginsAndThenForOneASecond) {
  ConnectingAllowance allowance;
  const ConnectingAllowance::SteadyClock::time_point start(std::chrono::hours(5));
  for (int i = 0; i < ConnectingAllowance::kAtOnce; ++i) EXPECT_TRUE(allowance.take(start)) << i;
  EXPECT_FALSE(allowance.take(start));
  EXPECT_FALSE(allowance.take(start + milliseconds(999)));
  EXPECT_TRUE(allowance.take(start + milliseconds(1001)));
  EXPECT_FALSE(allowance.take(start + milliseconds(1002)));
  const auto later = start + std::chrono::hours(1);
  for (int i = 0; i < ConnectingAllowance::kAtOnce; ++i) EXPECT_TRUE(allowance.take(later)) << i;
  EXPECT_FALSE(allowance.take(later));
}

}  // namespace
}  // namespace neve
