#include <neve/cache/disk_cache.hpp>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

#include "cache/disk/disk_cache_fixture.hpp"

namespace neve {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DiskCacheTest : public DiskCacheInFolder {};

TEST_F(DiskCacheTest, EntryIsTwoFilesNamedAfterTheKey) {
  store("abc", versioned_entry(1));
  EXPECT_THAT(visible_files(), ElementsAre("abc.json", "abc.npz"));
  EXPECT_EQ(content("abc.json"), R"({"name": "entry 1", "version": 1})");
}

TEST_F(DiskCacheTest, EntryWithoutArraysHasTheZipOfNothing) {
  store("abc", Entry{});
  EXPECT_EQ(content("abc.json"), "{}");
  EXPECT_EQ(content("abc.npz").substr(0, 4), "PK\x05\x06");
}

TEST_F(DiskCacheTest, SameEntryGivesTheSameBytesWhateverItCost) {
  store("abc", versioned_entry(1, 2000), 1);
  const std::string json = content("abc.json");
  const std::string npz = content("abc.npz");
  cache().erase(Key("abc"));
  clock_.advance(std::chrono::hours(5));
  store("abc", versioned_entry(1, 2000), 1000);
  EXPECT_EQ(content("abc.json"), json);
  EXPECT_EQ(content("abc.npz"), npz);
}

TEST_F(DiskCacheTest, NothingTemporaryIsLeftBehind) {
  for (int i = 0; i < 10; ++i) store("k" + std::to_string(i % 3), versioned_entry(1));
  close();
  EXPECT_THAT(visible_files(), testing::SizeIs(6));
  EXPECT_TRUE(std::filesystem::is_empty(path(".neve/tmp")));
}

TEST_F(DiskCacheTest, AnotherEntryOfTheSameSizeIsNotTheOneThatWasFound) {
  store("k", versioned_entry(1));
  const LookupResult found = lookup("k");
  ASSERT_TRUE(found.hit());
  EXPECT_TRUE(cache().still_has(Key("k"), found));
  EXPECT_TRUE(cache().touch(Key("k"), clock_.now() + std::chrono::hours(1)));
  EXPECT_FALSE(cache().still_has(Key("k"), found)) << "for as long";
  store("k", versioned_entry(1));
  EXPECT_TRUE(cache().still_has(Key("k"), found));
  store("k", versioned_entry(2));
  EXPECT_FALSE(cache().still_has(Key("k"), found));
}

TEST_F(DiskCacheTest, TwoCachesOnOneFolderShareEntries) {
  store("k", versioned_entry(1), 3);
  DiskCache other(options_);
  const LookupResult found = other.lookup(Key("k"), {});
  ASSERT_TRUE(found.hit());
  EXPECT_EQ(found.compute_s, 3);
  other.store(Key("k"), versioned_entry(2), {});
  EXPECT_TRUE(same_entry(*lookup("k").entry, versioned_entry(2)));
}

TEST_F(DiskCacheTest, LargeEntriesAreMappedOnlyWhenAsked) {
  store("k", versioned_entry(1, 1 << 20));
  const auto mapped_files = [&] {
    std::ifstream file("/proc/self/maps");
    const std::string maps(std::istreambuf_iterator<char>(file), {});
    return maps.find("k.npz") != std::string::npos;
  };
  const LookupResult owned = lookup("k");
  EXPECT_FALSE(mapped_files());
  const LookupResult mapped = cache().lookup(Key("k"), {Placement::mapped});
  ASSERT_TRUE(mapped.hit());
  EXPECT_TRUE(same_entry(*mapped.entry, *owned.entry));
  EXPECT_TRUE(mapped_files());
}

TEST_F(DiskCacheTest, MappedEntrySurvivesReplacementRemovalAndTheCache) {
  store("k", versioned_entry(1, 1 << 20));
  const LookupResult mapped = cache().lookup(Key("k"), {Placement::mapped});
  store("k", versioned_entry(2, 1 << 20));
  cache().erase(Key("k"));
  cache().drain();
  close();
  EXPECT_TRUE(same_entry(*mapped.entry, versioned_entry(1, 1 << 20)));
}

TEST_F(DiskCacheTest, OwnTtlAppliesToStoresThatNameNoExpiry) {
  options_.ttl = std::chrono::seconds(10);
  store("default", versioned_entry(1));
  StoreOptions later;
  later.expires_at = clock_.now() + std::chrono::seconds(100);
  cache().store(Key("named"), versioned_entry(2), later);
  clock_.advance(std::chrono::seconds(10));
  EXPECT_EQ(lookup("default").reason, MissReason::expired);
  EXPECT_TRUE(lookup("named").hit());
  EXPECT_THAT(visible_files(), ElementsAre("named.json", "named.npz"));
}

TEST_F(DiskCacheTest, FilesThatAreNoEntriesAreLeftAlone) {
  overwrite("README.md", "notes");
  overwrite("settings.json", "{}");
  overwrite(".hidden.npz", "");
  store("k", versioned_entry(1));
  collect();
  cache().clear();
  EXPECT_THAT(visible_files(), ElementsAre(".hidden.npz", "README.md", "settings.json"));
}

TEST_F(DiskCacheTest, ATouchUndoesNeitherAStoreNorAnErase) {
  DiskCache other(options_);
  std::atomic<bool> done{false};
  std::atomic<int> touched{0};
  std::thread toucher([&] {
    while (!done) touched += other.touch(Key("k"), std::nullopt) ? 1 : 0;
  });
  int hits = 0;
  for (int i = 1; i <= 600; ++i) {
    store("k", versioned_entry(i));
    for (int again = 0; again < 5; ++again) {
      // A miss is possible where a touch meets the store; another version is not.
      const LookupResult found = lookup("k");
      if (!found.hit()) continue;
      ++hits;
      ASSERT_TRUE(same_entry(*found.entry, versioned_entry(i))) << i;
    }
    if (i % 3 != 0) continue;
    cache().erase(Key("k"));
    for (int again = 0; again < 5; ++again) ASSERT_FALSE(lookup("k").hit()) << i;
  }
  done = true;
  toucher.join();
  EXPECT_GT(touched, 0);
  EXPECT_GT(hits, 1000);
}

TEST_F(DiskCacheTest, EveryDurabilityStores) {
  for (const Durability durability : {Durability::none, Durability::data, Durability::full}) {
    close();
    options_.durability = durability;
    store("k", versioned_entry(1));
    EXPECT_TRUE(lookup("k").hit());
  }
}

TEST_F(DiskCacheTest, CostAndUsesOutliveTheProcess) {
  store("k", versioned_entry(1), 8);
  (void)lookup("k");
  close();
  const auto info = cache().inspect(Key("k"));
  ASSERT_TRUE(info);
  EXPECT_EQ(info->compute_s, 8);
  EXPECT_EQ(info->hits, 1U);
}

TEST_F(DiskCacheTest, LosingThePrivateFolderLosesNoEntry) {
  store("k", versioned_entry(1), 8);
  std::filesystem::remove_all(path(".neve"));
  EXPECT_TRUE(lookup("k").hit());
  EXPECT_TRUE(store("l", versioned_entry(2)).stored);
  close();
  EXPECT_TRUE(lookup("k").hit());
  EXPECT_TRUE(lookup("l").hit());
}

}  // namespace
}  // namespace neve
