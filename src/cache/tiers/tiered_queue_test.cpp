// What a chain stores in the background: order, waiting, forks.
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include <neve/cache/flight.hpp>

#include "cache/tiers/tiered_fixture.hpp"
#include "support/declining_cache.hpp"
#include "support/eventually.hpp"
#include "support/forwarding_cache.hpp"

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
class Lapsed final : public ForwardingCache {
 public:
  StoreResult store(const Key&, const Entry&, const StoreOptions& options) override {
    return {options.lease_token.empty(), 0, "lapsed", !options.lease_token.empty()};
  }
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

/// Remembers what it was told to say.
class ToldLease final : public FlightLease {
 public:
  explicit ToldLease(std::vector<UnkeptFor>& told) : told_(told) {}
  [[nodiscard]] bool held() override { return true; }
  void say_unkept(UnkeptFor whom) override { told_.push_back(whom); }

 private:
  std::vector<UnkeptFor>& told_;
};

struct LeaseInTheQueue : TieredCacheTest {
  StoreOptions under_lease() {
    StoreOptions options;
    options.lease = std::make_shared<ToldLease>(told);
    options.lease_token = "token";
    lease = options.lease;
    return options;
  }

  std::weak_ptr<FlightLease> lease;
  std::vector<UnkeptFor> told;  // before the queue has been drained it is the queue's
};

TEST_F(LeaseInTheQueue, IsHeldUntilEveryTierHasTheEntry) {
  TieredCache cache = chain({TierWrites::background});
  far->shut();
  EXPECT_TRUE(cache.store(key, entry_with(1), under_lease()).stored);
  far->await_store();
  EXPECT_FALSE(lease.expired());
  far->open();
  cache.drain();
  EXPECT_TRUE(lease.expired());
  EXPECT_TRUE(told.empty());
}

TEST_F(LeaseInTheQueue, SaysThatTheFarthestTierHasNotTakenAResult) {
  TieredCache kept_near({{near}, {std::make_shared<DecliningCache>()}}, {TierWrites::background});
  (void)kept_near.store(key, entry_with(1), under_lease());
  kept_near.drain();
  EXPECT_EQ(told, std::vector{UnkeptFor::other_hosts});
  TieredCache kept_nowhere({{std::make_shared<DecliningCache>()}, {std::make_shared<DecliningCache>()}},
                           {TierWrites::background});
  (void)kept_nowhere.store(key, entry_with(1), under_lease());
  kept_nowhere.drain();
  EXPECT_EQ(told, (std::vector{UnkeptFor::other_hosts, UnkeptFor::everybody}));
  EXPECT_TRUE(lease.expired());
}

TEST_F(LeaseInTheQueue, IsGivenUpWhereTheTierFails) {
  TieredCache cache({{near}, {far}}, {TierWrites::background});
  far->broken = true;
  (void)cache.store(key, entry_with(1), under_lease());
  cache.drain();
  EXPECT_TRUE(lease.expired());
  EXPECT_EQ(told, std::vector{UnkeptFor::other_hosts});
}

TEST_F(LeaseInTheQueue, IsGivenUpWithWhatIsErasedAndNotHeldByWhatWasFound) {
  TieredCache cache({{std::make_shared<MemoryCache>(small_memory())}, {far}}, {TierWrites::background});
  far->shut();
  (void)cache.store(Key("first"), entry_with(1), {});
  far->await_store();
  (void)cache.store(key, entry_with(2), under_lease());  // waits
  const LookupResult found = cache.lookup(key, {});
  ASSERT_TRUE(found.hit());
  EXPECT_FALSE(lease.expired());
  EXPECT_TRUE(cache.erase(key));
  EXPECT_TRUE(lease.expired());
  far->open();
}

TEST_F(LeaseInTheQueue, IsHeldForTheNewerEntryThatTakesThePlaceOfTheOneThatWaits) {
  TieredCache cache = chain({TierWrites::background});
  far->shut();
  (void)cache.store(Key("first"), entry_with(0), {});
  far->await_store();
  (void)cache.store(key, entry_with(1), under_lease());  // waits
  (void)cache.store(key, entry_with(2), {});
  EXPECT_FALSE(lease.expired());  // other hosts still find nothing
  far->open();
  cache.drain();
  EXPECT_TRUE(lease.expired());
  EXPECT_EQ(far->lookup(key, {}).entry->meta["value"], 2);
}

TEST_F(LeaseInTheQueue, NoMoreLeasesWaitThanAProcessMayHaveFilesOpen) {
  TieredCache cache({{near}, {far}}, {TierWrites::background});
  far->shut();
  (void)cache.store(Key("first"), entry_with(0), {});
  far->await_store();
  for (int i = 0; i < 128; ++i) (void)cache.store(Key("k" + std::to_string(i)), entry_with(i), under_lease());
  EXPECT_EQ(cache.snapshot().background_stores, 129U);
  std::thread storing([&, late = under_lease()] { (void)cache.store(key, entry_with(1), late); });
  EXPECT_TRUE(eventually([&] { return cache.snapshot().queue_full == 1; }));
  far->open();
  storing.join();
  cache.drain();
  EXPECT_EQ(cache.snapshot().background_stores, 129U);
}

/// Where other hosts look.
class SharedGate final : public ForwardingCache {
 public:
  explicit SharedGate(bool takes) : takes_(takes) {}
  StoreResult store(const Key&, const Entry&, const StoreOptions&) override {
    return {takes_, 0, takes_ ? "" : "too large"};
  }
  [[nodiscard]] bool shared_by_hosts() const noexcept override { return true; }

 private:
  bool takes_;
};

TEST_F(LeaseInTheQueue, WhetherOtherHostsFindAResultIsSaidOfWhereTheyLook) {
  const auto behind = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  const auto declining = std::make_shared<DecliningCache>();
  for (const bool queued : {false, true}) {
    TieredOptions options;
    if (queued) options.writes = TierWrites::background;
    const auto unshared = [&](std::vector<Tier> tiers) {
      TieredCache cache(std::move(tiers), options);
      told.clear();
      const bool said = cache.store(key, entry_with(1), under_lease()).unshared;
      cache.drain();
      return said || told == std::vector{UnkeptFor::other_hosts};
    };
    EXPECT_TRUE(unshared({{near}, {std::make_shared<SharedGate>(false)}, {behind}})) << queued;
    EXPECT_FALSE(unshared({{near}, {std::make_shared<SharedGate>(true)}, {declining}})) << queued;
    EXPECT_FALSE(unshared({{std::make_shared<SharedGate>(true)}, {declining}})) << queued;
  }
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
  EXPECT_TRUE(cache.store(other, entry_with(3), {}).stored);
  far->await_store();                                       // under way
  EXPECT_TRUE(cache.store(key, entry_with(2), {}).stored);  // waits
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
  EXPECT_FALSE(cache.contains(key));
  far->open();
}

TEST(TieredRace, WhereOnlyTheNearestTierMayBeWrittenToNothingWaitsForTheOthers) {
  TieredOptions options;
  options.writes = TierWrites::background;
  const auto far = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  TieredCache cache({{std::make_shared<MemoryCache>(small_memory())}, {far, TierAccess::read_only}}, options);
  const StoreResult stored = cache.store(Key("k"), entry_with(1), {});
  EXPECT_FALSE(stored.stored);
  EXPECT_FALSE(stored.declined.empty());
  EXPECT_EQ(cache.snapshot().background_stores, 0U);
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
