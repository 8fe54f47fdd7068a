#include "service/http/concurrency_limit.hpp"

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace neve::service {
namespace {

TEST(ConcurrencyLimit, GrantsSoManyPermitsAndEachAgainOnceItIsReleased) {
  ConcurrencyLimit limit(2);
  ConcurrencyLimit::Permit first = limit.try_acquire();
  {
    const ConcurrencyLimit::Permit second = limit.try_acquire();
    EXPECT_TRUE(first.held());
    EXPECT_TRUE(second.held());
    EXPECT_FALSE(limit.try_acquire().held());
  }
  EXPECT_TRUE(limit.try_acquire().held()) << "released by its destruction";
  first.release();
  first.release();
  const ConcurrencyLimit::Permit third = limit.try_acquire();
  const ConcurrencyLimit::Permit fourth = limit.try_acquire();
  EXPECT_TRUE(third.held() && fourth.held());
  EXPECT_FALSE(limit.try_acquire().held()) << "a permit is released once";
}

TEST(ConcurrencyLimit, AMovedPermitIsHeldByItsNewOwnerAlone) {
  ConcurrencyLimit limit(2);
  ConcurrencyLimit::Permit from = limit.try_acquire();
  ConcurrencyLimit::Permit to = limit.try_acquire();
  to = std::move(from);
  EXPECT_TRUE(limit.try_acquire().held()) << "what it held before is released";
  const ConcurrencyLimit::Permit moved(std::move(to));
  const ConcurrencyLimit::Permit other = limit.try_acquire();
  EXPECT_FALSE(limit.try_acquire().held());
}

TEST(ConcurrencyLimit, NoneIsGrantedIfNoneIsAllowed) {
  ConcurrencyLimit limit(0);
  EXPECT_FALSE(limit.try_acquire().held());
}

TEST(ConcurrencyLimit, ManyThreadsNeverHoldMoreThanAllowed) {
  constexpr int kMost = 3;
  ConcurrencyLimit limit(kMost);
  std::atomic<int> held = 0;
  std::atomic<int> beyond = 0;
  std::atomic<int> granted = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 10'000; ++round) {
          const ConcurrencyLimit::Permit permit = limit.try_acquire();
          if (!permit.held()) continue;
          ++granted;
          if (++held > kMost) ++beyond;
          --held;
        }
      });
    }
  }
  EXPECT_EQ(beyond, 0);
  EXPECT_GT(granted, 0);
  std::vector<ConcurrencyLimit::Permit> all;
  for (int i = 0; i < kMost; ++i) all.push_back(limit.try_acquire());
  for (const ConcurrencyLimit::Permit& permit : all) EXPECT_TRUE(permit.held());
}

}  // namespace
}  // namespace neve::service
