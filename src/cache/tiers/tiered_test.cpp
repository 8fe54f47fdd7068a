#include <neve/cache/tiered.hpp>

#include "cache/tiers/tiered_fixture.hpp"
#include "support/forwarding_cache.hpp"

namespace neve {
namespace {

TEST_F(TieredCacheTest, AStoreGoesToAllAndAnEraseReachesAll) {
  TieredCache cache = chain();
  EXPECT_EQ(cache.name(), "memory+memory+gate");
  EXPECT_TRUE(cache.store(key, entry_with(1), {}).stored);
  for (CacheBackend* tier : {static_cast<CacheBackend*>(near.get()), static_cast<CacheBackend*>(middle.get()),
                             static_cast<CacheBackend*>(far.get())}) {
    EXPECT_TRUE(tier->contains(key));
  }
  EXPECT_TRUE(cache.erase(key));
  EXPECT_FALSE(near->contains(key) || middle->contains(key) || far->contains(key));
}

TEST_F(TieredCacheTest, ManyKeysAreGatheredFromDifferentTiers) {
  TieredCache cache = chain();
  std::vector<Key> keys;
  for (int i = 0; i < 12; ++i) keys.emplace_back("k" + std::to_string(i));
  for (int i = 0; i < 12; i += 4) near->store(keys[i], entry_with(i), {});
  for (int i = 1; i < 12; i += 4) middle->store(keys[i], entry_with(i), {});
  for (int i = 2; i < 12; i += 4) far->store(keys[i], entry_with(i), {});
  const auto found = cache.lookup_many(keys, {});
  for (int i = 0; i < 12; ++i) {
    ASSERT_EQ(found[i].hit(), i % 4 != 3) << i;
    EXPECT_TRUE(!found[i].hit() || found[i].entry->meta.at("value") == i);
    EXPECT_EQ(near->contains(keys[i]), i % 4 != 3);
  }
}

TEST_F(TieredCacheTest, AReadOnlyTierIsReadAndNothingElse) {
  middle->store(Key("old"), entry_with(1), {});
  TieredCache cache({{near}, {middle, TierAccess::read_only}, {far}});
  EXPECT_TRUE(cache.lookup(Key("old"), {}).hit());
  cache.store(key, entry_with(2), {});
  EXPECT_FALSE(middle->contains(key));
  EXPECT_TRUE(far->contains(key));
  cache.erase(Key("old"));
  EXPECT_TRUE(middle->contains(Key("old")));
  far->store(Key("far"), entry_with(3), {});
  (void)cache.lookup(Key("far"), {});
  EXPECT_FALSE(middle->contains(Key("far")));
}

TEST_F(TieredCacheTest, AReadOnlyTierDoesNotAnswerWithWhatWasReplacedOrErasedHere) {
  far->store(key, entry_with(1), {});
  TieredCache cache({{near}, {far, TierAccess::read_only}});
  cache.store(key, entry_with(2), {});
  near->erase(key);  // as an eviction does
  EXPECT_FALSE(cache.lookup(key, {}).hit());
  EXPECT_FALSE(cache.lookup_many({&key, 1}, {}).front().hit());
  far->store(Key("e"), entry_with(1), {});
  EXPECT_TRUE(cache.lookup(Key("e"), {}).hit());
  EXPECT_TRUE(cache.erase(Key("e")));
  EXPECT_FALSE(cache.lookup(Key("e"), {}).hit());
  EXPECT_FALSE(cache.contains(Key("e")));
}

TEST_F(TieredCacheTest, AReadOnlyTierIsNotBelievedHoweverMuchItMissed) {
  far->store(key, entry_with(1), {});
  MemoryCacheOptions few;
  few.budget_bytes = 100'000;
  TieredCache cache({{std::make_shared<MemoryCache>(few)}, {far, TierAccess::read_only}});
  for (int i = 0; i < 100'000; ++i) cache.store(Key("k" + std::to_string(i)), entry_with(i), {});
  cache.store(key, entry_with(2), {});
  for (int i = 0; i < 1'000; ++i) cache.store(Key("m" + std::to_string(i)), entry_with(i), {});
  EXPECT_FALSE(cache.lookup(key, {}).hit()) << "the new one is gone from the near tier";
  EXPECT_FALSE(cache.contains(key));
  far->store(Key("untouched"), entry_with(3), {});
  EXPECT_TRUE(cache.lookup(Key("untouched"), {}).hit());
}

TEST_F(TieredCacheTest, AStoreThatNobodyTookLeavesAReadOnlyTierItsWord) {
  far->store(key, entry_with(1), {});
  TieredCache cache({{middle, TierAccess::read_only}, {far, TierAccess::read_only}});
  EXPECT_FALSE(cache.store(key, entry_with(1), {}).stored);
  EXPECT_TRUE(cache.lookup(key, {}).hit());
}

TEST_F(TieredCacheTest, ATierThatDoesNotTakeTheNewEntryDoesNotHideIt) {
  auto small = std::make_shared<MemoryCache>(MemoryCacheOptions{2000, std::nullopt});
  TieredCache cache({{small}, {far}});
  cache.store(key, entry_with(1), {});
  Entry large = entry_with(2);
  large.arrays.emplace("more", Array::from(std::vector<double>(1000, 2.0)));
  EXPECT_TRUE(cache.store(key, large, {}).stored);
  EXPECT_EQ(cache.lookup(key, {}).entry->meta["value"], 2);
}

/// A disk that has no room left.
class FullDisk final : public ForwardingCache {
 public:
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    if (full) throw Error(ErrorCode::io, "no space left");
    return ForwardingCache::store(key, entry, options);
  }

  bool full = false;
};

TEST_F(TieredCacheTest, AFullDiskDoesNotHideWhatAFartherTierTook) {
  auto disk = std::make_shared<FullDisk>();
  TieredCache cache({{disk}, {far}});
  cache.store(key, entry_with(1), {});
  disk->full = true;
  EXPECT_TRUE(cache.store(key, entry_with(2), {}).stored);
  EXPECT_EQ(cache.lookup(key, {}).entry->meta["value"], 2);
}

TEST_F(TieredCacheTest, WhatATierMissedWhileItWasAwayIsNotAnsweredWithItsPredecessor) {
  TieredCache cache = chain();
  cache.store(key, entry_with(1), {});
  far->broken = true;
  EXPECT_TRUE(cache.store(key, entry_with(2), {}).stored);
  far->broken = false;
  near->erase(key);  // evicted
  middle->erase(key);
  EXPECT_FALSE(cache.lookup(key, {}).hit());
  EXPECT_FALSE(cache.lookup_many(std::vector{key}, {}).front().hit());
  EXPECT_FALSE(cache.contains(key));
  EXPECT_TRUE(far->contains(key));  // others may have stored it since
  cache.store(key, entry_with(3), {});
  near->erase(key);
  middle->erase(key);
  EXPECT_EQ(cache.lookup(key, {}).entry->meta.at("value"), 3);
}

TEST_F(TieredCacheTest, ABrokenTierIsWorkedAround) {
  TieredCache cache = chain();
  far->broken = true;
  EXPECT_EQ(cache.lookup(key, {}).reason, MissReason::absent);
  EXPECT_TRUE(cache.store(key, entry_with(1), {}).stored);
  EXPECT_TRUE(cache.lookup(key, {}).hit());
  EXPECT_EQ(cache.snapshot().errors, 2U);
  EXPECT_TRUE(cache.contains(key));
  EXPECT_FALSE(cache.contains(Key("other")));
  EXPECT_EQ(cache.usage().entries, 1U);
  EXPECT_FALSE(cache.usage().exact) << "nobody knows how much the broken one holds";
  EXPECT_THROW((void)cache.erase(key), Error);  // somebody may find it there again
}

TEST_F(TieredCacheTest, WhereNoTierCanAnswerTheFailureIsPassedOn) {
  TieredCache only({{far}});
  far->broken = true;
  EXPECT_THROW((void)only.lookup(key, {}), Error);
  EXPECT_THROW((void)only.lookup_many({&key, 1}, {}), Error);
  EXPECT_THROW((void)only.contains(key), Error);
  EXPECT_THROW((void)only.usage(), Error);
  EXPECT_THROW((void)only.store(key, entry_with(1), {}), Error);
}

TEST_F(TieredCacheTest, TouchReachesEveryTier) {
  TieredCache cache = chain();
  cache.store(key, entry_with(1), {});
  const TimePoint later = Clock::system().now() + std::chrono::hours(3);
  EXPECT_TRUE(cache.touch(key, later));
  EXPECT_EQ(near->lookup(key, {}).expires_at, later);
  EXPECT_EQ(far->lookup(key, {}).expires_at, later);
}

TEST_F(TieredCacheTest, AChainOfNothingIsRefused) { EXPECT_THROW(TieredCache({}), Error); }

}  // namespace
}  // namespace neve
