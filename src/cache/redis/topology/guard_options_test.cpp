#include "cache/redis/topology/guard_options.hpp"

#include <gtest/gtest.h>

namespace neve {
namespace {

TEST(GuardOptions, WhatTheUrlAllowsIsNotSlow) {
  const GuardOptions options = guard_options(RedisOptions::from_url("redis://h?timeout=2s&rate=1MiB"));
  EXPECT_EQ(options.slow, std::chrono::seconds(1));
  EXPECT_EQ(options.rate, 1U << 20U);
}

TEST(GuardOptions, AGuardAndAUrlThatSayNothingAgree) {
  const GuardOptions usual;
  const GuardOptions options = guard_options(RedisOptions::from_url("redis://h"));
  EXPECT_EQ(options.slow, usual.slow);
  EXPECT_EQ(options.rate, usual.rate);
  EXPECT_EQ(options.patience, usual.patience);
}

}  // namespace
}  // namespace neve
