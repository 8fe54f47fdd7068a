#include "conformance/backend_suite.hpp"

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include <neve/base/error.hpp>

#include "conformance/sample_entries.hpp"

namespace neve {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_P(BackendSuite, FindsWhatWasStored) {
  const Entry entry = varied_entry();
  const StoreResult stored = store("k", entry);
  EXPECT_TRUE(stored.stored) << stored.declined;
  const LookupResult found = lookup("k");
  ASSERT_TRUE(found.hit()) << to_string(found.reason) << " " << found.detail;
  EXPECT_EQ(found.reason, MissReason::none);
  EXPECT_TRUE(same_entry(*found.entry, entry));
  EXPECT_EQ(found.entry->arrays.at("image").order(), Order::fortran);
  EXPECT_TRUE(found.entry->meta.at("three").is_number_float());
  EXPECT_TRUE(found.entry->meta.at("count").is_number_integer());
}

TEST_P(BackendSuite, NeverStoredIsAbsent) {
  const LookupResult found = lookup("nobody");
  EXPECT_FALSE(found.hit());
  EXPECT_EQ(found.reason, MissReason::absent);
  EXPECT_FALSE(cache().contains(Key("nobody")));
}

TEST_P(BackendSuite, EntryWithoutArraysAndMetadataIsAnEntry) {
  ASSERT_TRUE(store("empty", Entry{}).stored);
  const LookupResult found = lookup("empty");
  ASSERT_TRUE(found.hit());
  EXPECT_TRUE(same_entry(*found.entry, Entry{}));
}

TEST_P(BackendSuite, StoringAgainReplaces) {
  store("k", versioned_entry(1));
  store("k", versioned_entry(2, 300));
  const LookupResult found = lookup("k");
  ASSERT_TRUE(found.hit());
  EXPECT_TRUE(same_entry(*found.entry, versioned_entry(2, 300)));
  EXPECT_EQ(cache().usage().entries, 1U);
}

TEST_P(BackendSuite, ErasedIsAbsent) {
  store("k", versioned_entry(1));
  EXPECT_TRUE(cache().contains(Key("k")));
  EXPECT_TRUE(cache().erase(Key("k")));
  EXPECT_FALSE(cache().contains(Key("k")));
  EXPECT_EQ(lookup("k").reason, MissReason::absent);
  EXPECT_FALSE(cache().erase(Key("k")));
}

TEST_P(BackendSuite, SimilarKeysAreDifferentKeys) {
  const std::vector<std::string> keys{"a",
                                      "A",
                                      "a.",
                                      "a-",
                                      "a:b",
                                      "a.json",
                                      "a.npz",
                                      std::string(200, 'a'),
                                      std::string(199, 'a'),
                                      std::string(64, 'a'),
                                      std::string(64, 'A')};
  for (std::size_t i = 0; i < keys.size(); ++i) ASSERT_TRUE(store(keys[i], versioned_entry(i)).stored);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const LookupResult found = lookup(keys[i]);
    ASSERT_TRUE(found.hit()) << keys[i];
    EXPECT_TRUE(same_entry(*found.entry, versioned_entry(i))) << keys[i];
  }
}

TEST_P(BackendSuite, ExpiresExactlyWhenItsTimeHasCome) {
  StoreOptions options;
  options.expires_at = clock().now() + seconds(90);
  store("k", versioned_entry(1), options);
  clock().advance(seconds(90) - milliseconds(1));
  const LookupResult before = lookup("k");
  ASSERT_TRUE(before.hit());
  EXPECT_EQ(before.expires_at, options.expires_at);
  clock().advance(milliseconds(1));
  EXPECT_EQ(lookup("k").reason, MissReason::expired);
  EXPECT_FALSE(cache().contains(Key("k")));
}

TEST_P(BackendSuite, WhatHasExpiredIsGone) {
  StoreOptions options;
  options.expires_at = clock().now() + 1000 * bench().tick();
  store("k", versioned_entry(1), options);
  clock().advance(2000 * bench().tick());
  EXPECT_EQ(lookup("k").reason, MissReason::expired);
  if (!bench().forgets_expired()) {
    EXPECT_EQ(lookup("k").reason, MissReason::expired);
    return;
  }
  EXPECT_EQ(lookup("k").reason, MissReason::absent);
  EXPECT_EQ(cache().usage().entries, 0U);
}

TEST_P(BackendSuite, ExpiredEntryCanBeStoredAgain) {
  StoreOptions options;
  options.expires_at = clock().now() + 1000 * bench().tick();
  store("k", versioned_entry(1), options);
  clock().advance(2000 * bench().tick());
  store("k", versioned_entry(2));
  ASSERT_TRUE(lookup("k").hit());
  clock().advance(std::chrono::hours(24 * 3650));
  const LookupResult found = lookup("k");
  ASSERT_TRUE(found.hit());
  EXPECT_FALSE(found.expires_at.has_value());
}

TEST_P(BackendSuite, TouchGivesAnotherExpiryAndLeavesAllElse) {
  const TimePoint start = clock().now();
  StoreOptions options;
  options.expires_at = start + std::chrono::minutes(1);
  options.recipe = R"({"made":"of this"})";
  cache().store(Key("k"), versioned_entry(1, 300), options);
  EXPECT_FALSE(cache().touch(Key("nobody"), std::nullopt));
  EXPECT_TRUE(cache().touch(Key("k"), start + std::chrono::hours(1)));
  const LookupResult found = lookup("k");
  ASSERT_TRUE(found.hit()) << found.detail;
  EXPECT_TRUE(same_entry(*found.entry, versioned_entry(1, 300)));
  EXPECT_EQ(found.expires_at, start + std::chrono::hours(1));
  EXPECT_EQ(found.recipe, options.recipe);
  EXPECT_TRUE(cache().touch(Key("k"), std::nullopt));
  EXPECT_EQ(lookup("k").expires_at, std::nullopt);
}

TEST_P(BackendSuite, StillHasWhatWasFoundUntilItIsErased) {
  for (const std::size_t count : {std::size_t{30}, std::size_t{100'000}}) {
    store("k", versioned_entry(1, count));
    const LookupResult found = lookup("k");
    ASSERT_TRUE(found.hit());
    EXPECT_TRUE(cache().still_has(Key("k"), found));
    EXPECT_TRUE(cache().erase(Key("k")));
    EXPECT_FALSE(cache().still_has(Key("k"), found));
  }
}

TEST_P(BackendSuite, RecipeAndCostComeBackWithTheHit) {
  StoreOptions options;
  options.recipe = R"({"op_name":"propagate","version":"3"})";
  options.compute_s = 12.5;
  store("k", versioned_entry(1), options);
  const LookupResult found = lookup("k");
  ASSERT_TRUE(found.hit());
  EXPECT_EQ(found.recipe, options.recipe);
  EXPECT_EQ(found.compute_s, 12.5);
}

TEST_P(BackendSuite, HitSaysHowMuchWasReadAndWhoAnswered) {
  const StoreResult stored = store("k", versioned_entry(1, 1000));
  EXPECT_GE(stored.stored_bytes, 8000U);  // random numbers do not compress
  const LookupResult found = lookup("k");
  EXPECT_EQ(found.stored_bytes, stored.stored_bytes);
  // A chain of caches names the one that answered.
  EXPECT_NE(cache().name().find(found.tier), std::string_view::npos);
  EXPECT_NE(cache().name().find(lookup("other").tier), std::string_view::npos);
  EXPECT_FALSE(found.tier.empty());
}

TEST_P(BackendSuite, UsageCountsWhatIsThere) {
  EXPECT_EQ(cache().usage().entries, 0U);
  EXPECT_EQ(cache().usage().bytes, 0U);
  std::uint64_t bytes = 0;
  for (const char* key : {"a", "b", "c"}) bytes += store(key, versioned_entry(1, 500)).stored_bytes;
  EXPECT_EQ(cache().usage().entries, 3U);
  EXPECT_EQ(cache().usage().bytes, bytes);
  cache().erase(Key("b"));
  EXPECT_EQ(cache().usage().entries, 2U);
  EXPECT_LT(cache().usage().bytes, bytes);
}

TEST_P(BackendSuite, BorrowedArraysMayGoOnceStored) {
  {
    std::vector<double> values(5000, 1.25);
    Entry entry;
    entry.arrays.emplace("x", Array::view<double>(values, {values.size()}));
    store("k", entry);
    std::fill(values.begin(), values.end(), -1.0);
  }
  const LookupResult found = lookup("k");
  ASSERT_TRUE(found.hit());
  EXPECT_EQ(found.entry->arrays.at("x"), Array::from(std::vector<double>(5000, 1.25)));
}

TEST_P(BackendSuite, HitOutlivesEntryAndCache) {
  for (const Placement placement : {Placement::owned, Placement::mapped}) {
    if (placement == Placement::mapped && !cache().erase(Key("k"))) ADD_FAILURE() << "the entry was gone";
    const Entry large = versioned_entry(3, 700'000);
    ASSERT_TRUE(store("k", large).stored);
    const LookupResult found = cache().lookup(Key("k"), {placement});
    ASSERT_TRUE(found.hit());
    store("k", versioned_entry(4, 700'000));
    EXPECT_TRUE(same_entry(*found.entry, large));
  }
  const LookupResult found = cache().lookup(Key("k"), {Placement::mapped});
  cache().erase(Key("k"));
  bench().close();
  EXPECT_TRUE(same_entry(*found.entry, versioned_entry(4, 700'000)));
}

TEST_P(BackendSuite, ManyLookupsAnswerInTheirOrder) {
  store("a", versioned_entry(1));
  store("c", versioned_entry(3));
  const std::array<Key, 4> keys{Key("c"), Key("b"), Key("a"), Key("c")};
  const std::vector<LookupResult> results = cache().lookup_many(keys, {});
  ASSERT_EQ(results.size(), 4U);
  EXPECT_TRUE(results[0].hit() && same_entry(*results[0].entry, versioned_entry(3)));
  EXPECT_EQ(results[1].reason, MissReason::absent);
  EXPECT_TRUE(results[2].hit() && same_entry(*results[2].entry, versioned_entry(1)));
  EXPECT_TRUE(results[3].hit());
  EXPECT_TRUE(cache().lookup_many({}, {}).empty());
}

TEST_P(BackendSuite, MetadataThatAreNoObjectAreRefused) {
  Entry entry = versioned_entry(1);
  entry.meta = Json::array({1, 2});
  try {
    store("k", entry);
    FAIL() << "a list was accepted as metadata";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
  }
  EXPECT_EQ(lookup("k").reason, MissReason::absent);
}

TEST_P(BackendSuite, ThreadsNeverSeeAnEntryThatNobodyStored) {
  constexpr std::uint64_t kKeys = 5;
  std::atomic<int> wrong{0};
  const auto work = [&](std::uint64_t seed) {
    std::uint64_t random = seed * 2654435761U + 1;
    for (int i = 0; i < 120; ++i) {
      random = random * 6364136223846793005U + 1442695040888963407U;
      const std::uint64_t number = (random >> 33) % kKeys;
      const Key key("shared" + std::to_string(number));
      switch ((random >> 40) % 8) {
        case 0:
          cache().erase(key);
          break;
        case 1:
        case 2:
          cache().store(key, versioned_entry(number * 1000 + (random >> 50) % 7, 200 + number), {});
          break;
        default: {
          const LookupResult found = cache().lookup(key, {});
          if (!found.hit()) break;
          const auto version = found.entry->meta.at("version").get<std::uint64_t>();
          if (version / 1000 != number || !same_entry(*found.entry, versioned_entry(version, 200 + number))) ++wrong;
        }
      }
    }
  };
  std::vector<std::thread> threads;
  for (std::uint64_t i = 0; i < 4; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_P(BackendSuite, ACopyIsStoredWhileItsSourceHasTheEntry) {
  StoreOptions options;
  bool seen_when_asked = false;
  options.still_there = [&] {
    seen_when_asked = bench().asks_for_source() && cache().contains(Key("k"));
    return true;
  };
  EXPECT_TRUE(store("k", versioned_entry(1), options).stored);
  EXPECT_FALSE(seen_when_asked) << "before nobody could say no any more";
  const LookupResult found = lookup("k");
  ASSERT_TRUE(found.hit());
  EXPECT_TRUE(same_entry(*found.entry, versioned_entry(1)));
}

TEST_P(BackendSuite, ACopyWhoseSourceHasGoneIsThereOnlyIfTheStoreSaysSo) {
  StoreOptions options;
  options.still_there = [] { return false; };
  const bool stored = store("k", versioned_entry(1), options).stored;
  EXPECT_EQ(lookup("k").hit(), stored);
  EXPECT_EQ(cache().contains(Key("k")), stored);
  EXPECT_FALSE(stored && bench().asks_for_source());
}

TEST_P(BackendSuite, ACopyReplacesNoEntryOfWhoAsksForItsSource) {
  if (!bench().asks_for_source()) return;
  store("k", versioned_entry(2));
  StoreOptions options;
  options.still_there = [] { return true; };
  EXPECT_FALSE(store("k", versioned_entry(1), options).stored);
  const LookupResult found = lookup("k");
  ASSERT_TRUE(found.hit());
  EXPECT_TRUE(same_entry(*found.entry, versioned_entry(2)));
}

TEST_P(BackendSuite, WhatIsKeptSurvivesReopening) {
  StoreOptions options;
  options.expires_at = clock().now() + seconds(100);
  options.compute_s = 2;
  options.recipe = "{}";
  store("k", varied_entry(), options);
  if (!bench().reopen()) return;  // a cache in memory keeps nothing, and need not
  const LookupResult found = lookup("k");
  ASSERT_TRUE(found.hit());
  EXPECT_TRUE(same_entry(*found.entry, varied_entry()));
  EXPECT_EQ(found.expires_at, options.expires_at);
  EXPECT_EQ(found.compute_s, 2);
  EXPECT_EQ(cache().usage().entries, 1U);
}

}  // namespace
}  // namespace neve
