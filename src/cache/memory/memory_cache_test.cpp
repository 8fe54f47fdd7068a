#include <neve/cache/memory_cache.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace neve {
namespace {

Entry entry_of(std::size_t bytes) {
  Entry entry;
  entry.arrays.emplace("x", Array::from(std::vector<std::uint8_t>(bytes, 7)));
  return entry;
}

class MemoryCacheBudget : public testing::Test {
 protected:
  MemoryCacheBudget() : cache_(MemoryCacheOptions{40'000, std::nullopt, &clock_}) {}

  StoreResult store(const std::string& key, std::size_t bytes, double compute_s) {
    StoreOptions options;
    options.compute_s = compute_s;
    return cache_.store(Key(key), entry_of(bytes), options);
  }
  [[nodiscard]] bool has(const std::string& key) { return cache_.contains(Key(key)); }

  ManualClock clock_{TimePoint(std::chrono::hours(500'000))};
  MemoryCache cache_;
};

TEST_F(MemoryCacheBudget, FewestSecondsPerByteGoFirst) {
  store("cheap", 10'000, 0.1);
  store("dear", 10'000, 100);
  store("middling", 10'000, 5);
  store("newcomer", 15'000, 1);
  EXPECT_FALSE(has("cheap"));
  EXPECT_TRUE(has("dear"));
  EXPECT_TRUE(has("middling"));
  EXPECT_TRUE(has("newcomer"));
}

TEST_F(MemoryCacheBudget, UsedEntriesStayLonger) {
  store("used", 15'000, 1);
  store("unused", 15'000, 1);
  EXPECT_TRUE(cache_.lookup(Key("used"), {}).hit());
  store("newcomer", 15'000, 1);
  EXPECT_TRUE(has("used"));
  EXPECT_FALSE(has("unused"));
}

TEST_F(MemoryCacheBudget, LongUnusedEntriesGoBeforeFreshOnes) {
  store("old", 15'000, 3);
  clock_.advance(std::chrono::hours(24 * 30));
  store("fresh", 15'000, 1);
  store("newcomer", 15'000, 1);
  EXPECT_FALSE(has("old"));
  EXPECT_TRUE(has("fresh"));
}

TEST_F(MemoryCacheBudget, WhatHasExpiredGoesBeforeWhatIsStillOfUse) {
  const auto store_for = [&](const std::string& key, std::chrono::seconds lifetime) {
    StoreOptions options;
    options.compute_s = 3600;
    options.expires_at = clock_.now() + lifetime;
    EXPECT_TRUE(cache_.store(Key(key), entry_of(10'000), options).stored);
  };
  store_for("expired", std::chrono::seconds(5));
  store_for("touched", std::chrono::seconds(5));
  store_for("lasting", std::chrono::hours(5));
  EXPECT_TRUE(cache_.touch(Key("touched"), std::nullopt));
  EXPECT_TRUE(cache_.lookup(Key("expired"), {}).hit());
  clock_.advance(std::chrono::seconds(10));
  store("cheap", 5'000, 0.001);
  store("newcomer", 10'000, 0.01);
  for (const char* key : {"touched", "lasting", "cheap", "newcomer"}) EXPECT_TRUE(has(key)) << key;
}

TEST_F(MemoryCacheBudget, NewcomerIsNotEvictedByItsOwnStore) {
  store("dear", 20'000, 1000);
  store("worthless", 30'000, 0.000001);
  EXPECT_TRUE(has("worthless"));
}

TEST_F(MemoryCacheBudget, EntryLargerThanEverythingIsDeclinedAndEvictsNothing) {
  store("small", 1000, 1);
  const StoreResult result = store("huge", 50'000, 1000);
  EXPECT_FALSE(result.stored);
  EXPECT_NE(result.declined.find("40000"), std::string::npos) << result.declined;
  EXPECT_TRUE(has("small"));
}

TEST_F(MemoryCacheBudget, DeclinedStoreLeavesNoOlderEntryInItsPlace) {
  store("grown", 1000, 1);
  EXPECT_FALSE(store("grown", 50'000, 1).stored);
  EXPECT_FALSE(has("grown"));
  EXPECT_EQ(cache_.usage().bytes, 0U);
}

TEST_F(MemoryCacheBudget, ReplacingReleasesTheOldBytes) {
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(store("same", 30'000, 1).stored);
  store("other", 5000, 1);
  EXPECT_TRUE(has("same"));
  EXPECT_TRUE(has("other"));
  EXPECT_LE(cache_.usage().bytes, 40'000U);
}

TEST_F(MemoryCacheBudget, WhatIsReplacedMakesRoomBeforeAnythingElseDoes) {
  store("cheap", 5000, 0.1);
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(store("large", 30'000, 1000).stored);
  EXPECT_TRUE(has("cheap"));
}

TEST_F(MemoryCacheBudget, MetadataCountToo) {
  Entry entry;
  entry.meta["text"] = std::string(50'000, 'x');
  EXPECT_FALSE(cache_.store(Key("k"), entry, {}).stored);
}

TEST(MemoryCache, OwnTtlAppliesToStoresThatNameNoExpiry) {
  ManualClock clock(TimePoint(std::chrono::hours(500'000)));
  MemoryCache cache(MemoryCacheOptions{1 << 20, std::chrono::seconds(10), &clock});
  cache.store(Key("default"), Entry{}, {});
  StoreOptions later;
  later.expires_at = clock.now() + std::chrono::seconds(100);
  cache.store(Key("named"), Entry{}, later);
  clock.advance(std::chrono::seconds(10));
  EXPECT_EQ(cache.lookup(Key("default"), {}).reason, MissReason::expired);
  EXPECT_TRUE(cache.lookup(Key("named"), {}).hit());
}

TEST(MemoryCache, OwnedArraysAreSharedAndNotCopied) {
  MemoryCache cache(MemoryCacheOptions{});
  const Entry entry = entry_of(100'000);
  cache.store(Key("k"), entry, {});
  const LookupResult found = cache.lookup(Key("k"), {});
  ASSERT_TRUE(found.hit());
  EXPECT_EQ(found.entry->arrays.at("x").bytes().data(), entry.arrays.at("x").bytes().data());
}

}  // namespace
}  // namespace neve
