// What is erased while the store is away, or while others look it up.
#include <array>
#include <future>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include "cache/guard/guarded_fixture.hpp"
#include "support/forwarding_cache.hpp"

namespace neve {
namespace {

TEST_F(GuardedTest, WhatWasErasedDuringAnOutageDoesNotComeBackWithTheStore) {
  const auto fragile = std::make_shared<Fragile>();
  const Key other("other");
  fragile->store(key, Entry{}, {});
  fragile->store(other, Entry{}, {});
  Guarded cache(fragile, with_pause(std::chrono::milliseconds(1)));
  fragile->mood = Fragile::Mood::refusing;  // goes on being asked
  EXPECT_THROW(cache.erase(key), Error);
  fragile->mood = Fragile::Mood::well;
  const std::array keys{other, key};
  const auto found = cache.lookup_many(keys, {});
  EXPECT_TRUE(found[0].hit());
  EXPECT_FALSE(found[1].hit());
  EXPECT_FALSE(fragile->contains(key));  // made up for

  fragile->store(key, Entry{}, {});
  fragile->mood = Fragile::Mood::refusing;
  EXPECT_THROW(cache.erase(key), Error);
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::unavailable);
  fragile->mood = Fragile::Mood::well;
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::absent);
  cache.store(key, Entry{}, {});
  EXPECT_TRUE(cache.lookup(key, {}).hit());
}

TEST_F(GuardedTest, WhatWasErasedDuringAnOutageIsNotFoundAtTheMomentOfTheReturn) {
  GuardOptions options = with_pause(std::chrono::milliseconds(1));
  options.longest_pause = options.first_pause;
  Guarded cache(store, options);
  for (int outages = 0; outages < 100; ++outages) {
    cache.store(key, Entry{}, {});
    store->mood = Fragile::Mood::away;
    EXPECT_THROW(cache.erase(key), Error);
    store->mood = Fragile::Mood::well;
    MissReason reason{};
    while ((reason = cache.lookup(key, {}).reason) == MissReason::unavailable) {
    }
    ASSERT_EQ(reason, MissReason::absent) << "after " << outages << " outages";
  }
}

TEST_F(GuardedTest, NorIsItWhereAnotherThreadMakesUpForTheErasingMeanwhile) {
  GuardOptions options = with_pause(std::chrono::milliseconds(1));
  options.longest_pause = options.first_pause;
  Guarded cache(store, options);
  store->meanwhile = [&cache, this] { (void)cache.erase(key); };
  for (int outages = 0; outages < 100; ++outages) {
    cache.store(key, Entry{}, {});
    store->mood = Fragile::Mood::away;
    EXPECT_THROW(cache.erase(key), Error);
    store->mood = Fragile::Mood::well;
    LookupResult found;
    while ((found = cache.lookup(key, {})).reason == MissReason::unavailable) {
    }
    ASSERT_FALSE(found.hit()) << "after " << outages << " outages";
  }
}

TEST_F(GuardedTest, WhoWantsSomethingErasedIsToldThatItIsNot) {
  Guarded cache(store, with_pause(std::chrono::hours(1)));
  cache.store(key, {}, {});
  store->mood = Fragile::Mood::away;
  EXPECT_THROW(cache.erase(key), Error);
  EXPECT_THROW(cache.erase(Key("never there")), Error);  // nobody knows
  EXPECT_FALSE(cache.available());
}

/// A memory cache whose first erase waits to be let through.
class HeldErase final : public ForwardingCache {
 public:
  bool erase(const Key& key) override {
    if (refuses) throw RefusedError("LOADING", "not yet");
    if (erases++ == 0) {
      begun.count_down();
      let_through.wait();
    }
    return ForwardingCache::erase(key);
  }

  std::atomic<bool> refuses{false};
  std::atomic<int> erases{0};
  std::latch begun{1};
  std::latch let_through{1};
};

TEST_F(GuardedTest, AnEraseUnderWayIsNotRepeatedByThoseWhoLookTheKeyUp) {
  const auto held = std::make_shared<HeldErase>();
  held->store(key, {}, {});
  Guarded cache(held, with_pause(std::chrono::hours(1)));
  std::thread eraser([&] { EXPECT_TRUE(cache.erase(key)); });
  held->begun.wait();
  EXPECT_TRUE(cache.lookup(key, {}).hit());  // it still is there
  EXPECT_TRUE(cache.contains(key));
  held->let_through.count_down();
  eraser.join();
  EXPECT_EQ(held->erases, 1);
}

TEST_F(GuardedTest, AnEraseThatIsMadeUpForTakesNothingThatWasStoredMeanwhile) {
  const auto held = std::make_shared<HeldErase>();
  held->store(key, {}, {});
  Guarded cache(held, with_pause(std::chrono::hours(1)));
  held->refuses = true;
  EXPECT_THROW(cache.erase(key), Error);
  held->refuses = false;
  std::thread reader([&] { (void)cache.lookup(key, {}); });
  held->begun.wait();
  auto stored = std::async(std::launch::async, [&] { return cache.store(key, {}, {}).stored; });
  (void)stored.wait_for(std::chrono::milliseconds(20));  // time to be faster than the erase, if it may
  held->let_through.count_down();
  reader.join();
  EXPECT_TRUE(stored.get());
  EXPECT_TRUE(cache.lookup(key, {}).hit());
}

}  // namespace
}  // namespace neve
