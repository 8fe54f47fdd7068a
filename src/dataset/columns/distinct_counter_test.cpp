#include "dataset/columns/distinct_counter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace neve::dataset {
namespace {

std::uint64_t count_of(const std::vector<std::uint64_t>& hashes) {
  DistinctCounter counter;
  for (const std::uint64_t hash : hashes) counter.add(hash);
  return counter.count();
}

TEST(DistinctCounter, TheOrderDoesNotMatter) {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t i = 0; i < 400'000; ++i) hashes.push_back(mixed(i));
  const std::uint64_t count = count_of(hashes);
  EXPECT_NEAR(static_cast<double>(count), 400'000, 10'000);
  // What tells least about the number comes first, then last.
  const auto rest = [](std::uint64_t hash) { return hash << 14U; };
  std::sort(hashes.begin(), hashes.end(), [&](auto a, auto b) { return rest(a) > rest(b); });
  EXPECT_EQ(count_of(hashes), count);
  std::reverse(hashes.begin(), hashes.end());
  EXPECT_EQ(count_of(hashes), count);
  std::vector<std::uint64_t> twice = hashes;
  std::shuffle(twice.begin(), twice.end(), std::mt19937_64(1));
  twice.insert(twice.end(), hashes.begin(), hashes.end());
  EXPECT_EQ(count_of(twice), count);
}

}  // namespace
}  // namespace neve::dataset
