#include <neve/cache/tiered.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/cache/disk_cache.hpp>
#include <neve/cache/memory_cache.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

/// A memory cache whose stores a test can hold up or make fail.
class Gate final : public CacheBackend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "gate"; }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    if (broken) throw Error(ErrorCode::unavailable, "broken");
    return memory_.lookup(key, options);
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
    if (broken) throw Error(ErrorCode::unavailable, "broken");
    return memory_.store(key, entry, options);
  }
  bool erase(const Key& key) override {
    if (broken) throw Error(ErrorCode::unavailable, "broken");
    return memory_.erase(key);
  }
  [[nodiscard]] bool contains(const Key& key) override { return memory_.contains(key); }
  [[nodiscard]] Usage usage() override { return memory_.usage(); }

  void shut() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void await_store() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ > 0; });
  }

  std::atomic<bool> broken{false};

 private:
  MemoryCache memory_{MemoryCacheOptions{}};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  int waiting_ = 0;
};

Entry entry_with(int value) {
  Entry entry;
  entry.meta = Json{{"value", value}};
  entry.arrays.emplace("a", Array::from(std::vector<double>(100, value)));
  return entry;
}

/// Too small for what the tests store.
MemoryCacheOptions small_memory() {
  MemoryCacheOptions options;
  options.budget_bytes = 100;
  return options;
}

struct TieredCacheTest : testing::Test {
  TieredCache chain(TieredOptions options = {}) { return TieredCache({{near}, {middle}, {far}}, options); }

  std::shared_ptr<MemoryCache> near = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  std::shared_ptr<MemoryCache> middle = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  std::shared_ptr<Gate> far = std::make_shared<Gate>();
  const Key key{"k"};
};

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
class FullDisk final : public CacheBackend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "full"; }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    return memory.lookup(key, options);
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    if (full) throw Error(ErrorCode::io, "no space left");
    return memory.store(key, entry, options);
  }
  bool erase(const Key& key) override { return memory.erase(key); }
  [[nodiscard]] bool contains(const Key& key) override { return memory.contains(key); }
  [[nodiscard]] Usage usage() override { return memory.usage(); }

  MemoryCache memory{MemoryCacheOptions{}};
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
  EXPECT_THROW((void)cache.erase(key), Error);  // somebody may find it there again
  TieredCache only({{far}});
  EXPECT_THROW((void)only.lookup(key, {}), Error);
  EXPECT_THROW((void)only.store(key, entry_with(1), {}), Error);
}

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

TEST_F(TieredCacheTest, TouchReachesEveryTier) {
  TieredCache cache = chain();
  cache.store(key, entry_with(1), {});
  const TimePoint later = Clock::system().now() + std::chrono::hours(3);
  EXPECT_TRUE(cache.touch(key, later));
  EXPECT_EQ(near->lookup(key, {}).expires_at, later);
  EXPECT_EQ(far->lookup(key, {}).expires_at, later);
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

TEST_F(TieredCacheTest, AChainOfNothingIsRefused) { EXPECT_THROW(TieredCache({}), Error); }

/// A memory cache that does something once after a lookup or a look whether it has an entry, before the caller hears of
/// it.
class Interrupted final : public CacheBackend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "interrupted"; }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    LookupResult result = memory_.lookup(key, options);
    if (const auto act = std::exchange(after_lookup, nullptr)) act();
    return result;
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    if (fails) throw Error(ErrorCode::internal, "a defect");
    return memory_.store(key, entry, options);
  }
  bool erase(const Key& key) override {
    if (const auto act = std::exchange(before_erase, nullptr)) act();
    return memory_.erase(key);
  }
  [[nodiscard]] bool contains(const Key& key) override {
    const bool found = memory_.contains(key);
    if (const auto act = std::exchange(after_contains, nullptr)) act();
    return found;
  }
  [[nodiscard]] Usage usage() override { return memory_.usage(); }

  std::function<void()> after_lookup;
  std::function<void()> after_contains;
  std::function<void()> before_erase;
  std::atomic<bool> fails{false};

 private:
  MemoryCache memory_{MemoryCacheOptions{}};
};

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
