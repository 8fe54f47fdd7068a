#include "cache/guard/connecting_time.hpp"

#include <gtest/gtest.h>

namespace neve {
namespace {

TEST(ConnectingTime, WhatIsSpentWithinAnotherSpanIsCountedOnce) {
  using SteadyClock = ConnectingTime::SteadyClock;
  const auto before = ConnectingTime::spent();
  const auto start = SteadyClock::now();
  {
    const ConnectingTime::Span outer;
    const ConnectingTime::Span inner;
    while (SteadyClock::now() - start < std::chrono::milliseconds(1)) continue;
  }
  const auto all = SteadyClock::now() - start;
  EXPECT_GT(ConnectingTime::spent() - before, all / 2);
  EXPECT_LE(ConnectingTime::spent() - before, all);
}

}  // namespace
}  // namespace neve
