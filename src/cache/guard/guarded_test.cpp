#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/guard/guarded_fixture.hpp"
#include "cache/guard/local_work.hpp"
#include "cache/guard/moved_bytes.hpp"
#include "support/no_more_threads.hpp"

namespace neve {
namespace {

TEST_F(GuardedTest, WhileAllIsWellNothingIsDifferent) {
  Guarded cache(store);
  EXPECT_EQ(cache.name(), "fragile");
  EXPECT_TRUE(cache.store(key, {}, {}).stored);
  EXPECT_TRUE(cache.lookup(key, {}).hit());
  EXPECT_TRUE(cache.contains(key));
  EXPECT_EQ(cache.usage().entries, 1U);
  EXPECT_TRUE(cache.erase(key));
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::absent);
}

TEST_F(GuardedTest, AnOutageCostsOneFailedOperationAndTheRestAreNotTried) {
  Guarded cache(store, with_pause(std::chrono::hours(1)));
  store->mood = Fragile::Mood::hung;
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::unavailable);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::unavailable);
    EXPECT_FALSE(cache.store(key, {}, {}).stored);
    EXPECT_FALSE(cache.contains(key));
    EXPECT_THROW(cache.erase(key), Error);
  }
  EXPECT_EQ(store->asked, 1);
  const GuardStatistics seen = cache.snapshot();
  EXPECT_EQ(seen.state, BreakerState::open);
  EXPECT_EQ(seen.outages, 1U);
  EXPECT_EQ(seen.skipped, 400U);
  EXPECT_EQ(seen.errors_by_kind.at("timeout"), 1U);
  EXPECT_EQ(seen.last_error, "no answer");
}

TEST_F(GuardedTest, TheStoreIsAskedAgainOnceItIsBackWithoutACallerTrying) {
  Guarded cache(store, with_pause(std::chrono::milliseconds(1)));
  store->mood = Fragile::Mood::away;
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::unavailable);
  store->mood = Fragile::Mood::well;
  EXPECT_TRUE(returns(cache));
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::absent);
}

TEST_F(GuardedTest, OutagesFollowingEachOtherAreCountedAndAllEnd) {
  Guarded cache(store, with_pause(std::chrono::milliseconds(1)));
  for (int i = 0; i < 3; ++i) {
    store->mood = Fragile::Mood::away;
    (void)cache.lookup(key, {});
    store->mood = Fragile::Mood::well;
    EXPECT_TRUE(returns(cache));
  }
  EXPECT_EQ(cache.snapshot().outages, 3U);
}

TEST_F(GuardedTest, ARefusalIsNoOutage) {
  Guarded cache(store, with_pause(std::chrono::hours(1)));
  store->mood = Fragile::Mood::refusing;
  EXPECT_EQ(cache.store(key, {}, {}).declined, "no room");
  EXPECT_EQ(cache.store(key, {}, {}).declined, "no room");
  EXPECT_EQ(store->asked, 2);
  EXPECT_EQ(cache.snapshot().errors_by_kind.at("OOM"), 2U);
}

TEST_F(GuardedTest, TheCallersMistakesPassThrough) {
  Guarded cache(store);
  store->mood = Fragile::Mood::demanding;
  EXPECT_THROW((void)cache.lookup(key, {}), Error);
  EXPECT_TRUE(cache.available());
}

/// Answers so many lookups and is away from then on.
class Leaving final : public ForwardingCache {
 public:
  explicit Leaving(int answers) : answers_(answers) {}
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    if (answers_-- <= 0) throw Error(ErrorCode::unavailable, "gone");
    return ForwardingCache::lookup(key, options);
  }

 private:
  int answers_;
};

TEST_F(GuardedTest, OfManyKeysWhatWasFoundBeforeTheStoreWentAwayIsFound) {
  std::vector<Key> keys;
  for (int i = 0; i < 1000; ++i) keys.emplace_back("k" + std::to_string(i));
  const auto leaving = std::make_shared<Leaving>(900);
  Guarded cache(leaving, with_pause(std::chrono::hours(1)));
  for (const Key& each : keys) cache.store(each, {}, {});
  const std::vector<LookupResult> found = cache.lookup_many(keys, {});
  ASSERT_EQ(found.size(), keys.size());
  EXPECT_TRUE(found.front().hit());
  EXPECT_TRUE(found[800].hit());
  EXPECT_EQ(found.back().reason, MissReason::unavailable);
  EXPECT_FALSE(cache.available());
}

TEST_F(GuardedTest, AStoreThatIsMerelySlowCountsAsAwayInTheEnd) {
  GuardOptions options = with_pause(std::chrono::hours(1));
  options.slow = std::chrono::milliseconds(-1);  // so that every operation is too slow
  options.patience = std::chrono::milliseconds(0);
  Guarded cache(store, options);
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::absent);
  EXPECT_TRUE(cache.available()) << "it may have been this thread that was not run";
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::absent);
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::unavailable);
  EXPECT_EQ(cache.snapshot().errors_by_kind.at("slow"), 1U);
}

TEST_F(GuardedTest, APayloadMayTakeItsTime) {
  GuardOptions options = with_pause(std::chrono::hours(1));
  options.slow = std::chrono::milliseconds(-1);
  options.patience = std::chrono::milliseconds(0);
  options.rate = 1;
  Guarded cache(store, options);
  Entry entry;
  entry.arrays.emplace("a", Array::from(std::vector<double>(100)));
  store->ForwardingCache::store(key, entry, {});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(cache.lookup(key, {}).hit());
  EXPECT_TRUE(cache.available());
}

/// Has to read an entry and write it again for it to expire at another time.
class Rewriting final : public ForwardingCache {
 public:
  bool touch(const Key& key, std::optional<TimePoint> expires_at) override {
    MovedBytes::add(100);
    return ForwardingCache::touch(key, expires_at);
  }
};

TEST_F(GuardedTest, WhatIsMovedOnTheWayMayTakeItsTimeToo) {
  GuardOptions options = with_pause(std::chrono::hours(1));
  options.slow = std::chrono::milliseconds(-1);
  options.patience = std::chrono::milliseconds(0);
  options.rate = 1;
  Guarded cache(std::make_shared<Rewriting>(), options);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(cache.touch(key, std::nullopt));
}

/// Works for a while on what it has been given, as on a large entry that is to be deflated.
class Diligent final : public ForwardingCache {
 public:
  using ForwardingCache::ForwardingCache;
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    const LocalWork::Span work;
    const auto end = std::chrono::steady_clock::now() + kWork;
    while (std::chrono::steady_clock::now() < end) continue;
    return ForwardingCache::store(key, entry, options);
  }

  static constexpr std::chrono::milliseconds kWork{30};
};

TEST_F(GuardedTest, WhatIsDoneHereDoesNotMakeTheStoreASlowOne) {
  GuardOptions options = with_pause(std::chrono::hours(1));
  options.slow = options.patience = Diligent::kWork / 2;
  Guarded cache(std::make_shared<Diligent>(), options);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(cache.store(key, {}, {}).stored);
  EXPECT_EQ(cache.snapshot().outages, 0U);
}

/// Asks, before it stores a copy, whether the source still has the entry.
class Asking final : public ForwardingCache {
 public:
  using ForwardingCache::ForwardingCache;
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    EXPECT_TRUE(options.still_there());
    return ForwardingCache::store(key, entry, options);
  }
};

TEST_F(GuardedTest, WhatTheSourceOfACopyTakesToAnswerDoesNotMakeTheStoreASlowOne) {
  constexpr std::chrono::milliseconds kAnswer{30};
  GuardOptions options = with_pause(std::chrono::hours(1));
  options.slow = options.patience = kAnswer / 2;
  Guarded cache(std::make_shared<Asking>(), options);
  StoreOptions copy;
  copy.still_there = [&] {
    const auto end = std::chrono::steady_clock::now() + kAnswer;
    while (std::chrono::steady_clock::now() < end) continue;
    return true;
  };
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(cache.store(key, {}, copy).reached);
  EXPECT_EQ(cache.snapshot().outages, 0U);
}

TEST_F(GuardedTest, WhoWantsToBeToldOfFailuresIsTold) {
  GuardOptions options = with_pause(std::chrono::hours(1));
  options.on_failure = FailurePolicy::rethrow;
  Guarded cache(store, options);
  store->mood = Fragile::Mood::away;
  const auto code = [](auto&& act) {
    try {
      act();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  for (int i = 0; i < 2; ++i) {  // asked, and not asked any more
    EXPECT_EQ(code([&] { (void)cache.lookup(key, {}); }), ErrorCode::unavailable);
    EXPECT_EQ(code([&] { cache.store(key, {}, {}); }), ErrorCode::unavailable);
    EXPECT_EQ(code([&] { (void)cache.contains(key); }), ErrorCode::unavailable);
  }
  EXPECT_EQ(cache.snapshot().state, BreakerState::open);
}

TEST_F(GuardedTest, HowLongAnEntryHasLeftIsNotGuessedDuringAnOutage) {
  Guarded cache(store, with_pause(std::chrono::hours(1)));
  cache.store(key, {}, {});
  EXPECT_TRUE(cache.presence(key).there);
  store->mood = Fragile::Mood::away;
  EXPECT_THROW((void)cache.presence(key), Error);
  EXPECT_THROW((void)cache.presence(key), Error) << "also while nobody is asked";
}

TEST_F(GuardedTest, ManyThreadsMeetOneOutage) {
  Guarded cache(store, with_pause(std::chrono::milliseconds(1)));
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        if (t == 0) store->mood = i % 50 < 25 ? Fragile::Mood::away : Fragile::Mood::well;
        (void)cache.lookup(key, {});
        (void)cache.store(key, {}, {});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  store->mood = Fragile::Mood::well;
  EXPECT_TRUE(returns(cache));
}

TEST_F(GuardedTest, WhereNobodyCanWatchTheStoreIsAskedByItsCallers) {
  Guarded cache(store, with_pause(std::chrono::hours(1)));
  const NoMoreThreads limit;
  store->mood = Fragile::Mood::away;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::unavailable);
  store->mood = Fragile::Mood::well;
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::absent);
}

TEST_F(GuardedTest, AStoreThatWasNotReachedIsToldFromOneThatDeclined) {
  Guarded cache(store, with_pause(std::chrono::hours(1)));
  EXPECT_TRUE(cache.store(key, {}, {}).reached);
  store->mood = Fragile::Mood::away;
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(cache.store(key, {}, {}).reached);
}

// The thread sanitizer cannot follow a child that starts threads, and the allocator of the address sanitizer does not
// let go, in the child, of the locks that a thread of the parent held.
#if defined(__has_feature)
#define NEVE_CLANG_SANITIZES_ADDRESSES __has_feature(address_sanitizer)
#else
#define NEVE_CLANG_SANITIZES_ADDRESSES 0
#endif
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__) && !NEVE_CLANG_SANITIZES_ADDRESSES
/// The exit status of a forked child that does `act`, or -1 if it hangs.
int in_a_child(const std::function<bool()>& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);  // ends it, should it hang
    ::_exit(act() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(GuardedTest, AChildForkedDuringAnOutageSeesTheStoreReturnAndEnds) {
  const auto fragile = std::make_shared<Fragile>();
  for (int i = 0; i < 100; ++i) {  // whatever the thread that watches is doing at that moment
    auto cache = std::make_unique<Guarded>(fragile, with_pause(std::chrono::milliseconds(1)));
    fragile->mood = Fragile::Mood::away;
    (void)cache->lookup(key, {});
    ASSERT_EQ(in_a_child([&] {
                fragile->mood = Fragile::Mood::well;
                const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
                while (!cache->available() && std::chrono::steady_clock::now() < end) (void)cache->lookup(key, {});
                const bool returned = cache->available() && cache->snapshot().outages == 1;
                cache.reset();
                return returned;
              }),
              0);
  }
}

TEST_F(GuardedTest, AChildForkedDuringAnOutageMayEndAtOnce) {
  const auto fragile = std::make_shared<Fragile>();
  auto cache = std::make_unique<Guarded>(fragile, with_pause(std::chrono::milliseconds(1)));
  fragile->mood = Fragile::Mood::away;
  (void)cache->lookup(key, {});
  EXPECT_EQ(in_a_child([&] {
              cache.reset();
              return true;
            }),
            0);
}
#endif

}  // namespace
}  // namespace neve
