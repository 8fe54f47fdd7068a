// What a chain stores in the background: order, waiting, forks.
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "cache/tiers/tiered_fixture.hpp"
#include "support/declining_cache.hpp"

namespace neve {
namespace {

TEST_F(TieredCacheTest, InTheBackgroundOnlyTheNearestIsWaitedFor) {
  TieredCache cache = chain({TierWrites::background});
  far->shut();
  EXPECT_TRUE(cache.store(key, entry_with(1), {}).stored);
  EXPECT_TRUE(near->contains(key));
  EXPECT_FALSE(far->contains(key));
  far->open();
  cache.drain();
  EXPECT_TRUE(middle->contains(key) && far->contains(key));
}

TEST_F(TieredCacheTest, TheQueueIsDrainedOnDestruction) {
  far->shut();
  {
    TieredCache cache = chain({TierWrites::background});
    for (int i = 0; i < 20; ++i) cache.store(Key("k" + std::to_string(i)), entry_with(i), {});
    far->open();
  }
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(far->contains(Key("k" + std::to_string(i))));
}

TEST_F(TieredCacheTest, AFullQueueMakesTheStoreWaitInsteadOfGrowing) {
  TieredOptions options{TierWrites::background};
  options.queue_bytes = 100;  // less than any entry here
  TieredCache cache = chain(options);
  EXPECT_TRUE(cache.store(key, entry_with(1), {}).stored);
  EXPECT_TRUE(far->contains(key));
  EXPECT_EQ(cache.snapshot().queue_full, 1U);
}

TEST_F(TieredCacheTest, AnEraseReachesWhatStillWaitsAndWhatIsUnderWay) {
  TieredCache cache = chain({TierWrites::background});
  far->shut();
  cache.store(Key("first"), entry_with(1), {});
  cache.store(key, entry_with(2), {});
  far->await_store();  // "first" is under way, `key` waits
  EXPECT_TRUE(cache.erase(key));
  std::thread opener([&] { far->open(); });
  EXPECT_TRUE(cache.erase(Key("first")));
  opener.join();
  cache.drain();
  EXPECT_FALSE(far->contains(key));
  EXPECT_FALSE(far->contains(Key("first")));
}

/// Where the lease of every store has lapsed.
class Lapsed final : public CacheBackend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "lapsed"; }
  [[nodiscard]] LookupResult lookup(const Key&, const LookupOptions&) override { return {}; }
  StoreResult store(const Key&, const Entry&, const StoreOptions& options) override {
    return {options.lease_token.empty(), 0, "lapsed", !options.lease_token.empty()};
  }
  bool erase(const Key&) override { return false; }
  [[nodiscard]] bool contains(const Key&) override { return false; }
  [[nodiscard]] Usage usage() override { return {}; }
};

TEST_F(TieredCacheTest, WhatIsRefusedInTheBackgroundBecauseItsLeaseHasLapsedGoesFromTheNearerTiers) {
  TieredOptions options{TierWrites::background};
  for (const std::size_t room : {options.queue_entries, std::size_t{0}}) {
    options.queue_entries = room;
    TieredCache cache({{near}, {middle}, {std::make_shared<Lapsed>()}}, options);
    StoreOptions under_lease;
    under_lease.lease_token = "token";
    cache.store(key, entry_with(1), under_lease);
    cache.drain();
    EXPECT_FALSE(near->contains(key) || middle->contains(key)) << room;
    cache.store(key, entry_with(2), {});
    cache.drain();
    EXPECT_TRUE(near->contains(key) && middle->contains(key)) << room;
    cache.erase(key);
  }
}

TEST_F(TieredCacheTest, WhereTheQueueIsFullItIsToldThatTheFarthestTierHasNotTakenAResult) {
  TieredOptions options{TierWrites::background};
  options.queue_entries = 0;
  StoreOptions under_lease;
  under_lease.lease_token = "token";
  TieredCache declined({{near}, {std::make_shared<DecliningCache>()}}, options);
  EXPECT_TRUE(declined.store(key, entry_with(1), under_lease).unshared);
  TieredCache taken({{near}, {middle}}, options);
  EXPECT_FALSE(taken.store(key, entry_with(1), under_lease).unshared);
}

TEST_F(TieredCacheTest, BorrowedArraysMayBeChangedOnceTheStoreHasReturned) {
  TieredCache cache = chain({TierWrites::background});
  far->shut();
  std::vector<double> values(50, 1.0);
  Entry entry;
  entry.arrays.emplace("a", Array::view(std::span<const double>(values), {50}));
  cache.store(key, entry, {});
  std::fill(values.begin(), values.end(), 2.0);
  far->open();
  cache.drain();
  EXPECT_EQ(far->lookup(key, {}).entry->arrays.at("a").as<double>()[0], 1.0);
}

TEST(TieredRace, WhatTheNearestTierDidNotTakeIsFoundWhileItWaitsForTheOthers) {
  const auto near = std::make_shared<MemoryCache>(small_memory());
  const auto far = std::make_shared<Gate>();
  const Key key("k"), other("other");
  far->store(key, entry_with(1), {});
  TieredOptions options;
  options.writes = TierWrites::background;
  TieredCache cache({{near}, {far}}, options);
  far->shut();
  EXPECT_TRUE(cache.store(other, entry_with(3), {}).stored);  // under way
  EXPECT_TRUE(cache.store(key, entry_with(2), {}).stored);    // waits
  EXPECT_FALSE(near->contains(key));
  EXPECT_EQ(cache.lookup(key, {}).entry->meta.at("value"), 2);
  const std::vector<LookupResult> found = cache.lookup_many(std::vector{other, Key("absent"), key}, {});
  EXPECT_EQ(found[0].entry->meta.at("value"), 3);
  EXPECT_FALSE(found[1].hit());
  EXPECT_EQ(found[2].entry->meta.at("value"), 2);
  EXPECT_TRUE(cache.contains(other));
  far->open();
  cache.drain();
  EXPECT_EQ(cache.lookup(key, {}).entry->meta.at("value"), 2);
}

TEST(TieredRace, WhatExpiredInTheQueueIsAMissThoughAFartherTierHasItsPredecessor) {
  const auto far = std::make_shared<Gate>();
  const Key key("k");
  far->store(key, entry_with(1), {});
  TieredOptions options;
  options.writes = TierWrites::background;
  TieredCache cache({{std::make_shared<MemoryCache>(small_memory())}, {far}}, options);
  far->shut();
  StoreOptions past;
  past.expires_at = TimePoint(std::chrono::hours(1));
  (void)cache.store(key, entry_with(2), past);
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::expired);
  far->open();
}

TEST(TieredRace, ADefectInABackgroundStoreIsCountedAndEndsNothing) {
  const auto far = std::make_shared<Interrupted>();
  far->fails = true;
  TieredOptions options;
  options.writes = TierWrites::background;
  TieredCache cache({{std::make_shared<MemoryCache>(MemoryCacheOptions{})}, {far}}, options);
  EXPECT_TRUE(cache.store(Key("k"), entry_with(1), {}).stored);
  cache.drain();
  EXPECT_EQ(cache.snapshot().errors, 1U);
}

TEST(TieredRace, DrainingEndsAlsoWhenWhatWaitedIsErased) {
  TieredOptions options;
  options.writes = TierWrites::background;
  TieredCache cache(
      {{std::make_shared<MemoryCache>(MemoryCacheOptions{})}, {std::make_shared<MemoryCache>(MemoryCacheOptions{})}},
      options);
  const Key key("k");
  std::atomic<bool> done{false};
  std::thread eraser([&] {
    while (!done) (void)cache.erase(key);
  });
  for (int i = 0; i < 20'000; ++i) {
    cache.store(key, entry_with(1), {});
    cache.drain();
  }
  done = true;
  eraser.join();
  const TieredStatistics statistics = cache.snapshot();
  EXPECT_EQ(statistics.background_stores + statistics.queue_full, 20'000U);
  EXPECT_EQ(statistics.errors, 0U);
}

TEST(TieredFork, AForkedChildStoresByItselfAndEnds) {
  const auto far = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  TieredOptions options;
  options.writes = TierWrites::background;
  auto cache = std::make_unique<TieredCache>(
      std::vector<Tier>{{std::make_shared<MemoryCache>(MemoryCacheOptions{})}, {far}}, options);
  cache->store(Key("parent"), entry_with(1), {});
  cache->drain();
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);  // ends it, should it hang
    cache->store(Key("child"), entry_with(2), {});
    const bool stored = far->contains(Key("child"));
    cache->erase(Key("parent"));
    cache->drain();
    cache.reset();
    ::_exit(stored ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace neve
