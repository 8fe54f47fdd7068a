// What is copied from a farther tier to nearer ones, and what others do to it meanwhile.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include <neve/cache/disk_cache.hpp>
#include <neve/cache/observed.hpp>

#include "cache/guard/guarded_fixture.hpp"
#include "cache/tiers/tiered_fixture.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

TEST_F(TieredCacheTest, AFarHitIsPromotedWithWhatBelongsToIt) {
  TieredCache cache = chain();
  StoreOptions store;
  store.expires_at = Clock::system().now() + std::chrono::hours(1);
  store.recipe = "{}";
  store.compute_s = 12.5;
  far->store(key, entry_with(7), store);
  EXPECT_EQ(cache.lookup(key, {}).tier, "memory");  // the gate keeps its entries in a memory cache
  for (const auto& tier : {near, middle}) {
    const LookupResult found = tier->lookup(key, {});
    ASSERT_TRUE(found.hit());
    EXPECT_EQ(found.expires_at, store.expires_at);
    EXPECT_EQ(found.recipe, "{}");
    EXPECT_EQ(found.compute_s, 12.5);
  }
  EXPECT_EQ(cache.snapshot().hits, (std::vector<std::uint64_t>{0, 0, 1}));
  EXPECT_EQ(cache.snapshot().promotions, (std::vector<std::uint64_t>{1, 1, 0}));
  (void)cache.lookup(key, {});
  EXPECT_EQ(cache.snapshot().hits, (std::vector<std::uint64_t>{1, 0, 1}));
}

TEST_F(TieredCacheTest, ManyAreNotPromotedOneByOne) {
  const auto slow = std::make_shared<Gate>();
  TieredCache cache({{slow}, {far}});
  std::vector<Key> keys;
  for (int i = 0; i < 40; ++i) far->store(keys.emplace_back("k" + std::to_string(i)), entry_with(i), {});
  slow->shut();
  auto found = std::async(std::launch::async, [&] { return cache.lookup_many(keys, {}); });
  EXPECT_TRUE(slow->holds_up(3));
  slow->open();
  const std::vector<LookupResult> results = found.get();
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(results.at(i).entry->meta.at("value"), i);
    EXPECT_EQ(slow->lookup(keys.at(i), {}).entry->meta.at("value"), i);
  }
  EXPECT_EQ(cache.snapshot().promotions.front(), 40U);
}

TEST_F(TieredCacheTest, ADefectOfATierIsToldWhereManyArePromoted) {
  const auto faulty = std::make_shared<Interrupted>();
  TieredCache cache({{faulty}, {far}});
  std::vector<Key> keys;
  for (int i = 0; i < 40; ++i) far->store(keys.emplace_back("k" + std::to_string(i)), entry_with(i), {});
  faulty->fails = true;
  EXPECT_THROW((void)cache.lookup_many(keys, {}), Error);
}

TEST_F(TieredCacheTest, WhatWasPromotedStaysWhenSomebodyWritesIntoTheFileItCameFrom) {
  const TemporaryFolder folder;
  DiskCacheOptions options;
  options.root = folder.path() / "cache";
  const auto disk = std::make_shared<DiskCache>(options);
  Entry entry;
  entry.arrays.emplace("a", Array::from(std::vector<double>(1 << 20, 1.5)));  // long enough to be mapped
  options.compression = Compression::store;
  DiskCache(options).store(key, entry, {});
  TieredCache cache({{near}, {disk}});
  EXPECT_TRUE(cache.lookup(key, {Placement::mapped}).hit());
  std::fstream file(options.root / "k.npz", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4 << 20);
  file.write("overwritten in place", 20);
  file.close();
  const LookupResult again = cache.lookup(key, {Placement::mapped});
  ASSERT_TRUE(again.hit());
  EXPECT_EQ(again.tier, "memory");
  EXPECT_EQ(again.entry->arrays.at("a"), entry.arrays.at("a"));
}

struct TieredRaceTest : testing::Test {
  std::shared_ptr<MemoryCache> near = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  std::shared_ptr<Interrupted> far = std::make_shared<Interrupted>();
  TieredCache cache{{{near}, {far}}};
  const Key key{"k"};
};

TEST_F(TieredRaceTest, WhatIsErasedWhileItIsLookedUpIsNotPromoted) {
  far->store(key, entry_with(1), {});
  far->after_lookup = [&] { EXPECT_TRUE(cache.erase(key)); };
  EXPECT_TRUE(cache.lookup(key, {}).hit());  // it was there when it was asked for
  EXPECT_FALSE(near->contains(key));
  EXPECT_FALSE(cache.lookup(key, {}).hit());
}

TEST_F(TieredRaceTest, WhatIsReplacedWhileItIsLookedUpIsNotPromotedOverItsSuccessor) {
  for (const bool many : {false, true}) {
    far->store(key, entry_with(1), {});
    near->erase(key);
    far->after_lookup = [&] { cache.store(key, entry_with(2), {}); };
    if (many) {
      (void)cache.lookup_many({&key, 1}, {});
    } else {
      (void)cache.lookup(key, {});
    }
    EXPECT_EQ(cache.lookup(key, {}).entry->meta.at("value"), 2);
    EXPECT_TRUE(near->contains(key));
  }
}

TEST_F(TieredRaceTest, WhatIsTouchedWhileItIsLookedUpIsNotPromotedWithTheOldExpiry) {
  const TimePoint soon = Clock::system().now() + std::chrono::minutes(1);
  far->store(key, entry_with(1), {});
  far->after_lookup = [&] { EXPECT_TRUE(cache.touch(key, soon)); };
  EXPECT_TRUE(cache.lookup(key, {}).hit());
  EXPECT_FALSE(near->contains(key));
  EXPECT_TRUE(cache.lookup(key, {}).hit());
  EXPECT_EQ(near->lookup(key, {}).expires_at, soon);
}

/// Two chains that share a folder and a far tier, as two processes do.
struct SharedFolderTest : testing::Test {
  [[nodiscard]] std::shared_ptr<DiskCache> open_folder() const {
    DiskCacheOptions options;
    options.root = folder.path();
    return std::make_shared<DiskCache>(options);
  }
  [[nodiscard]] std::size_t files() const {
    std::size_t count = 0;
    for (const auto& each : std::filesystem::directory_iterator(folder.path())) count += each.is_regular_file() ? 1 : 0;
    return count;
  }

  TemporaryFolder folder;
  std::shared_ptr<Interrupted> far = std::make_shared<Interrupted>();
  TieredCache here{{{open_folder()}, {far}}};
  TieredCache there{{{open_folder()}, {far}}};
  const Key key{"k"};
};

TEST_F(SharedFolderTest, WhatAnotherProcessErasesIsNotPromoted) {
  for (const bool late : {false, true}) {
    far->store(key, entry_with(1), {});
    (late ? far->after_contains : far->after_lookup) = [&] { EXPECT_TRUE(there.erase(key)); };
    EXPECT_TRUE(here.lookup(key, {}).hit());  // it was there when it was asked for
    EXPECT_EQ(files(), 0U) << late;
    EXPECT_FALSE(here.lookup(key, {}).hit());
  }
  EXPECT_EQ(here.snapshot().promotions.front(), 0U);
}

TEST_F(SharedFolderTest, APromotionThatCameTooLateIsNoResultThatWasDeclined) {
  const auto near = std::make_shared<Observed>(open_folder());
  TieredCache chain({{near}, {far}});
  far->store(key, entry_with(1), {});
  far->after_contains = [&] { there.store(key, entry_with(1), {}); };
  EXPECT_TRUE(chain.lookup(key, {}).hit());
  EXPECT_EQ(chain.snapshot().promotions.front(), 0U);
  EXPECT_EQ(near->snapshot().declined, 0U);
  EXPECT_EQ(near->snapshot().last_declined, "");
}

TEST_F(SharedFolderTest, NothingIsPromotedOverWhatAnotherProcessStores) {
  for (const bool late : {false, true}) {
    there.erase(key);
    far->store(key, entry_with(1), {});
    (late ? far->after_contains : far->after_lookup) = [&] { there.store(key, entry_with(2), {}); };
    EXPECT_EQ(here.lookup(key, {}).entry->meta.at("value"), 1);
    const LookupResult found = there.lookup(key, {});
    EXPECT_EQ(found.tier, "disk") << late;
    EXPECT_EQ(found.entry->meta.at("value"), 2) << late;
  }
}

TEST_F(SharedFolderTest, APromotionReplacesWhatIsDamagedAndHasBeenForAWhile) {
  here.store(key, entry_with(1), {});
  const auto json = folder.path() / "k.json";
  std::ofstream(json) << "damaged";
  std::filesystem::last_write_time(json, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  std::filesystem::last_write_time(folder.path() / "k.npz",
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_TRUE(here.lookup(key, {}).hit());
  EXPECT_EQ(here.lookup(key, {}).tier, "disk");
}

TEST_F(SharedFolderTest, APromotionLeavesAloneWhatMayStillBeInTheMaking) {
  far->store(key, entry_with(1), {});
  std::ofstream(folder.path() / "k.npz") << "the first bytes";
  EXPECT_TRUE(here.lookup(key, {}).hit());
  EXPECT_EQ(files(), 1U);
}

TEST_F(SharedFolderTest, WhatIsToExpireSoonerMeanwhileIsNotPromotedWithTheOldExpiry) {
  const TimePoint soon = Clock::system().now() + std::chrono::minutes(1);
  DiskCacheOptions options;
  const TemporaryFolder far_folder;
  options.root = far_folder.path();
  const auto shared = std::make_shared<Observed>(std::make_shared<DiskCache>(options));
  const auto watched = std::make_shared<Interrupted>(shared);
  TieredCache reader({{open_folder()}, {watched}});
  TieredCache toucher({{open_folder()}, {shared}});
  for (const bool later_first : {false, true}) {
    for (const bool after_the_answer : {false, true}) {
      StoreOptions store;
      if (later_first) store.expires_at = soon + std::chrono::hours(1);
      toucher.erase(key);
      shared->store(key, entry_with(1), store);
      (after_the_answer ? watched->after_contains : watched->after_lookup) = [&] {
        EXPECT_TRUE(toucher.touch(key, soon));
      };
      EXPECT_TRUE(reader.lookup(key, {}).hit());
      EXPECT_FALSE(open_folder()->contains(key)) << later_first << after_the_answer;
      EXPECT_EQ(files(), 0U);
      EXPECT_TRUE(reader.lookup(key, {}).hit());
      EXPECT_EQ(open_folder()->lookup(key, {}).expires_at, soon) << later_first << after_the_answer;
    }
  }
}

TEST_F(TieredCacheTest, WhatExpiredByATouchDoesNotComeBackFromATierThatIsNotWrittenTo) {
  ManualClock clock(Clock::system().now());
  const auto own = std::make_shared<MemoryCache>(MemoryCacheOptions{1 << 20, std::nullopt, &clock});
  TieredCache cache({{own}, {far, TierAccess::read_only}});
  far->store(key, entry_with(1), {});
  EXPECT_TRUE(cache.lookup(key, {}).hit());
  EXPECT_TRUE(cache.touch(key, clock.now() + std::chrono::minutes(1)));
  clock.advance(std::chrono::minutes(2));
  EXPECT_FALSE(cache.lookup(key, {}).hit());
}

TEST_F(TieredCacheTest, NorFromOneThatCouldNotBeAskedHowLongItKeepsIt) {
  ManualClock clock(Clock::system().now());
  const auto own = std::make_shared<MemoryCache>(MemoryCacheOptions{1 << 20, std::nullopt, &clock});
  const auto fragile = std::make_shared<Fragile>();
  TieredCache cache({{own}, {std::make_shared<Observed>(fragile), TierAccess::read_only}});
  fragile->store(key, entry_with(1), {});
  EXPECT_TRUE(cache.lookup(key, {}).hit());
  fragile->mood = Fragile::Mood::away;
  EXPECT_TRUE(cache.touch(key, clock.now() + std::chrono::minutes(1)));
  fragile->mood = Fragile::Mood::well;
  clock.advance(std::chrono::minutes(2));
  EXPECT_FALSE(cache.lookup(key, {}).hit());
}

TEST_F(SharedFolderTest, AnEraseReachesTheFarTierFirst) {
  // Else another process promotes from there once the near one is empty.
  here.store(key, entry_with(1), {});
  far->before_erase = [&] { EXPECT_EQ(there.lookup(key, {}).tier, "disk"); };
  EXPECT_TRUE(here.erase(key));
  EXPECT_FALSE(there.lookup(key, {}).hit());
}

TEST(TieredRace, WhatAFarTierStillHasIsNotPromotedWhileItsSuccessorWaitsInTheQueue) {
  const auto near = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  const auto far = std::make_shared<Gate>();
  const Key key("k");
  far->store(key, entry_with(1), {});
  TieredOptions options;
  options.writes = TierWrites::background;
  TieredCache cache({{near}, {far}}, options);
  far->shut();
  cache.store(key, entry_with(2), {});
  near->erase(key);  // evicted meanwhile
  (void)cache.lookup(key, {});
  EXPECT_FALSE(near->contains(key));
  far->open();
  cache.drain();
  EXPECT_EQ(cache.lookup(key, {}).entry->meta.at("value"), 2);
  EXPECT_TRUE(near->contains(key));
}

TEST(TieredRace, APromotionTakesBackNoStoreThatBeganMeanwhile) {
  const auto near = std::make_shared<Gate>();
  const auto far = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  const Key key("k");
  far->store(key, entry_with(1), {});
  TieredCache cache({{near}, {far, TierAccess::read_only}});
  near->shut();
  std::thread reader([&] { EXPECT_EQ(cache.lookup(key, {}).entry->meta.at("value"), 1); });
  near->await_store();
  auto stored = std::async(std::launch::async, [&] { return cache.store(key, entry_with(2), {}).stored; });
  (void)stored.wait_for(std::chrono::milliseconds(20));  // time to begin
  near->open();
  reader.join();
  EXPECT_TRUE(stored.get());
  EXPECT_EQ(cache.lookup(key, {}).entry->meta.at("value"), 2);
}

}  // namespace
}  // namespace neve
