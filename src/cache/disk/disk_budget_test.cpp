#include <gmock/gmock.h>
#include <sys/syscall.h>

#include <cerrno>

#include <neve/base/digest.hpp>

#include "cache/disk/disk_cache_fixture.hpp"
#include "support/child_process.hpp"
#include "support/failing_call.hpp"

namespace neve {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

/// Entries of about 10 KB.
constexpr std::size_t kValues = 1250;

class DiskBudget : public DiskCacheInFolder {
 protected:
  [[nodiscard]] std::size_t entries() { return cache().usage().entries; }
};

TEST_F(DiskBudget, FewestSecondsPerByteGoFirst) {
  options_.budget_files = 8;
  store("dear", versioned_entry(1, kValues), 100);
  store("cheap", versioned_entry(2, kValues), 0.01);
  store("large", versioned_entry(3, 40 * kValues), 2);
  store("middling", versioned_entry(4, kValues), 2);
  store("newcomer1", versioned_entry(5, kValues), 50);
  EXPECT_FALSE(has("cheap"));
  EXPECT_TRUE(has("large"));
  store("newcomer2", versioned_entry(6, kValues), 50);
  EXPECT_FALSE(has("large"));
  store("newcomer3", versioned_entry(7, kValues), 50);
  EXPECT_FALSE(has("middling"));
  EXPECT_TRUE(has("dear"));
}

TEST_F(DiskBudget, BytesAreKept) {
  options_.budget_bytes = 100'000;
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(store("k" + std::to_string(i), versioned_entry(1, kValues), 1).stored);
  EXPECT_LE(cache().usage().bytes, 100'000U);
  EXPECT_GE(entries(), 7U) << "no more is evicted than the budget asks for";
}

TEST_F(DiskBudget, UsedEntriesStayAndLongUnusedOnesGo) {
  options_.budget_files = 6;
  store("used", versioned_entry(1, kValues), 1);
  store("unused", versioned_entry(2, kValues), 1);
  store("other", versioned_entry(3, kValues), 1.5);
  (void)lookup("used");
  store("newcomer", versioned_entry(4, kValues), 9);
  EXPECT_FALSE(has("unused"));
  clock_.advance(std::chrono::hours(24 * 60));
  (void)lookup("other");
  store("later", versioned_entry(5, kValues), 0.5);
  EXPECT_FALSE(has("used"));
  EXPECT_TRUE(has("other"));
}

TEST_F(DiskBudget, WhatHasExpiredGoesBeforeWhatIsStillOfUse) {
  options_.budget_files = 6;
  StoreOptions dear_for_a_while;
  dear_for_a_while.compute_s = 3600;
  dear_for_a_while.expires_at = clock_.now() + std::chrono::seconds(5);
  cache().store(Key("expired"), versioned_entry(1, kValues), dear_for_a_while);
  dear_for_a_while.expires_at = clock_.now() + std::chrono::hours(5);
  cache().store(Key("lasting"), versioned_entry(1, kValues), dear_for_a_while);
  clock_.advance(std::chrono::seconds(10));
  store("cheap", versioned_entry(2, kValues), 0.01);
  store("newcomer", versioned_entry(3, kValues), 1);
  EXPECT_TRUE(has("cheap"));
  EXPECT_TRUE(has("lasting"));
  EXPECT_FALSE(std::filesystem::exists(path("expired.npz")));
}

TEST_F(DiskBudget, EntriesFromAWrongClocksFutureAgeFromNowOnLikeOthers) {
  options_.budget_files = 8;
  clock_.advance(std::chrono::hours(24 * 400));
  for (int i = 0; i < 4; ++i) store("ahead" + std::to_string(i), versioned_entry(1, kValues), 1);
  clock_.advance(std::chrono::hours(24 * -400));
  store("newcomer", versioned_entry(2, kValues), 2);
  store("later", versioned_entry(3, kValues), 2);
  EXPECT_TRUE(has("newcomer")) << "it is worth more than what came from the future";
  clock_.advance(std::chrono::hours(24 * 30));
  for (int i = 0; i < 4; ++i) store("month" + std::to_string(i), versioned_entry(4, kValues), 1e-3);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(has("ahead" + std::to_string(i)));
}

TEST_F(DiskBudget, NewcomerIsNotEvictedByItsOwnStore) {
  options_.budget_files = 4;
  store("a", versioned_entry(1, kValues), 1000);
  store("b", versioned_entry(2, kValues), 1000);
  store("worthless", versioned_entry(3, 10 * kValues), 1e-6);
  EXPECT_TRUE(has("worthless"));
  EXPECT_EQ(entries(), 2U);
}

TEST_F(DiskBudget, EntryLargerThanTheBudgetIsDeclinedAndLeavesNoOlderOneInItsPlace) {
  options_.budget_bytes = 50'000;
  store("k", versioned_entry(1, kValues));
  store("other", versioned_entry(1, kValues));
  const StoreResult result = store("k", versioned_entry(2, 100 * kValues));
  EXPECT_FALSE(result.stored);
  EXPECT_THAT(result.declined, testing::HasSubstr("bytes"));
  EXPECT_FALSE(lookup("k").hit());
  EXPECT_TRUE(same_entry(*lookup("other").entry, versioned_entry(1, kValues)));
  EXPECT_TRUE(store("l", versioned_entry(3, kValues)).stored);
}

TEST_F(DiskBudget, BudgetOfOneFileDeclinesEverything) {
  options_.budget_files = 1;
  EXPECT_FALSE(store("k", versioned_entry(1)).declined.empty());
}

/// As phys-pipeline names its entries.
std::string digest_name(int i) { return sha256_hex("other" + std::to_string(i)); }

TEST_F(DiskBudget, KeysTooLongForTheLedgerAreEvictedToo) {
  options_.budget_files = 20;
  for (int i = 0; i < 40; ++i) store(std::string(100, 'x') + std::to_string(i), versioned_entry(1, kValues), i + 1);
  EXPECT_LE(entries(), 10U);
  EXPECT_TRUE(has(std::string(100, 'x') + "39"));
  EXPECT_FALSE(has(std::string(100, 'x') + "0"));
}

TEST_F(DiskBudget, EntriesThatOthersWroteCountOnceTheyAreMet) {
  for (int i = 0; i < 30; ++i) place_unsealed(digest_name(i));
  options_.budget_files = 20;
  collect();
  EXPECT_EQ(entries(), 10U);
}

TEST_F(DiskBudget, StoresAloneLearnOfOthersFilesInTheEnd) {
  for (int i = 0; i < 200; ++i) place_unsealed(digest_name(i));
  options_.budget_files = 100;
  for (int i = 0; i < 600; ++i) store("mine" + std::to_string(i % 10), versioned_entry(1));
  EXPECT_LE(entries(), 50U);
}

TEST_F(DiskBudget, StoresAloneLearnOfWhatOthersWroteInTheirPlace) {
  options_.budget_bytes = 400'000;
  for (int i = 0; i < 40; ++i) store(digest_name(i), versioned_entry(1), 1000);
  for (int i = 0; i < 40; ++i) overwrite(digest_name(i) + ".npz", std::string(50'000, 'x'));
  for (int i = 0; i < 1000; ++i) store("mine" + std::to_string(i % 3), versioned_entry(1));
  std::uintmax_t bytes = 0;
  for (const std::string& name : visible_files()) bytes += std::filesystem::file_size(path(name));
  EXPECT_LE(bytes, 400'000U);
}

TEST_F(DiskBudget, CollectRemovesEntriesThatAreLinks) {
  store("real", versioned_entry(1));
  std::filesystem::create_directory(path("elsewhere"));
  for (const char* suffix : {".json", ".npz"}) {
    std::filesystem::rename(path(std::string("real") + suffix), path(std::string("elsewhere/real") + suffix));
    std::filesystem::create_symlink(std::string("elsewhere/real") + suffix, path(std::string("real") + suffix));
  }
  options_.budget_bytes = 1;
  close();
  collect();
  EXPECT_FALSE(std::filesystem::is_symlink(path("real.json")) || std::filesystem::is_symlink(path("real.npz")));
  EXPECT_TRUE(std::filesystem::exists(path("elsewhere/real.npz")));
}

TEST_F(DiskBudget, WhatAnotherProgramStoredAnewIsThereAgain) {
  StoreOptions options;
  options.expires_at = clock_.now() + std::chrono::seconds(1);
  cache().store(Key("k"), versioned_entry(1), options);
  clock_.advance(std::chrono::seconds(2));
  EXPECT_FALSE(has("k"));
  place_unsealed("k");
  EXPECT_TRUE(has("k"));
}

TEST_F(DiskBudget, FilesThatMayBeAnybodysAreNeitherCountedNorRemoved) {
  place_unsealed("measurement");
  place_unsealed(std::string(64, 'a'));
  overwrite("notes.json", "{}");
  options_.budget_files = 4;
  for (int i = 0; i < 20; ++i) store("k" + std::to_string(i), versioned_entry(1));
  EXPECT_FALSE(has(std::string(64, 'a')));
  const auto theirs = [&] { return has("measurement") && std::filesystem::exists(path("notes.json")); };
  EXPECT_TRUE(theirs());
  collect();
  EXPECT_TRUE(theirs());
  EXPECT_FALSE(cache().inspect(Key("measurement"))->disposable);
  cache().clear();
  EXPECT_TRUE(theirs());
  EXPECT_TRUE(cache().erase(Key("measurement")));
}

TEST_F(DiskBudget, CopiesUnderNamesOfTheirOwnAreNotRemoved) {
  store("k", versioned_entry(1));
  overwrite("best.json", content("k.json"));
  overwrite("best.npz", content("k.npz"));
  overwrite("half.npz", content("k.npz"));
  age("best");
  age("half");
  EXPECT_EQ(cache().inspect(Key("best"))->damage, MissReason::foreign);
  EXPECT_FALSE(cache().inspect(Key("best"))->disposable);
  CollectOptions options;
  options.budget_files = 2;
  EXPECT_EQ(collect(options).removed.size(), 0U);
  cache().clear();
  EXPECT_FALSE(has("k"));
  EXPECT_TRUE(has("best") && std::filesystem::exists(path("half.npz")));
}

TEST_F(DiskBudget, TwoCachesKeepOneBudget) {
  options_.budget_files = 20;
  DiskCache other(options_);
  for (int i = 0; i < 20; ++i) {
    store("a" + std::to_string(i), versioned_entry(1));
    other.store(Key("b" + std::to_string(i)), versioned_entry(1), {});
  }
  EXPECT_LE(entries(), 10U);
}

TEST_F(DiskBudget, CollectSaysNothingOfWhatItMayNotRemove) {
  EXPECT_TRUE(in_child([&] {
    store("k", versioned_entry(1));
    fail_system_call(SYS_renameat, EPERM);  // as in somebody else's folder with the sticky bit
    CollectOptions none;
    none.budget_bytes = 0;
    const CollectReport report = collect(none);
    require(report.removed.empty() && report.bytes_freed == 0, "it claims to have removed what is there");
    require(std::filesystem::exists(path("k.npz")), "it is gone");
  }));
}

TEST_F(DiskBudget, CollectRemovesWhatHasExpiredAndSaysSo) {
  StoreOptions soon;
  soon.expires_at = clock_.now() + std::chrono::seconds(5);
  cache().store(Key("soon"), versioned_entry(1), soon);
  store("never", versioned_entry(2));
  clock_.advance(std::chrono::seconds(10));
  const CollectReport report = collect();
  ASSERT_EQ(report.removed.size(), 1U);
  EXPECT_EQ(report.removed[0].key, Key("soon"));
  EXPECT_EQ(report.removed[0].reason, RemovalReason::expired);
  EXPECT_GT(report.bytes_freed, 0U);
  EXPECT_TRUE(lookup("never").hit());
  EXPECT_EQ(lookup("soon").reason, MissReason::absent);
}

TEST_F(DiskBudget, CollectSparesWhatWasStoredAnewAndNotBookedYet) {
  StoreOptions options;
  options.expires_at = clock_.now() + std::chrono::hours(1);
  cache().store(Key("k"), versioned_entry(1), options);
  const std::string json = content("k.json");
  const std::string npz = content("k.npz");
  options.expires_at = clock_.now() + std::chrono::seconds(5);
  cache().store(Key("k"), versioned_entry(1), options);
  overwrite("k.npz", npz);
  overwrite("k.json", json);
  clock_.advance(std::chrono::seconds(10));
  EXPECT_TRUE(collect().removed.empty());
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskBudget, CollectKnowsExpiryWithoutALedger) {
  StoreOptions soon;
  soon.expires_at = clock_.now() + std::chrono::seconds(5);
  cache().store(Key("soon"), versioned_entry(1), soon);
  close();
  std::filesystem::remove_all(path(".neve"));
  clock_.advance(std::chrono::seconds(10));
  EXPECT_EQ(collect().removed.size(), 1U);
  EXPECT_THAT(visible_files(), IsEmpty());
}

TEST_F(DiskBudget, CollectKeepsTheBudgetItIsGivenInTheOrderOfValue) {
  for (int i = 0; i < 20; ++i) store("k" + std::to_string(i), versioned_entry(1, kValues), 1 + i);
  CollectOptions options;
  options.budget_files = 10;
  options.slice = 3;
  const CollectReport report = collect(options);
  EXPECT_EQ(report.removed.size(), 15U);
  EXPECT_EQ(report.removed.front().key, Key("k0"));
  EXPECT_EQ(report.removed.front().reason, RemovalReason::over_budget);
  EXPECT_EQ(entries(), 5U);
  for (int i = 15; i < 20; ++i) EXPECT_TRUE(has("k" + std::to_string(i)));
}

TEST_F(DiskBudget, DryRunNamesTheSameEntriesAndRemovesNone) {
  for (int i = 0; i < 20; ++i) store("k" + std::to_string(i), versioned_entry(1, kValues), 1 + i);
  StoreOptions soon;
  soon.expires_at = clock_.now() + std::chrono::seconds(5);
  cache().store(Key("soon"), versioned_entry(1), soon);
  clock_.advance(std::chrono::seconds(10));
  CollectOptions options;
  options.budget_files = 20;
  options.mode = CollectMode::dry_run;
  const CollectReport dry = collect(options);
  EXPECT_EQ(entries(), 21U);
  options.mode = CollectMode::remove;
  const CollectReport real = collect(options);
  EXPECT_EQ(entries(), 10U);
  const auto keys = [](const CollectReport& report) {
    std::set<std::string> texts;
    for (const Removal& removal : report.removed) texts.insert(removal.key.text());
    return texts;
  };
  EXPECT_EQ(keys(dry), keys(real));
  EXPECT_EQ(dry.bytes_freed, real.bytes_freed);
}

TEST_F(DiskBudget, CollectRemovesOurSettledHalvesAndSparesFreshOnes) {
  store("old", versioned_entry(1));
  store("fresh", versioned_entry(1));
  std::filesystem::remove(path("old.json"));
  std::filesystem::remove(path("fresh.json"));
  age("old");
  const CollectReport report = collect();
  ASSERT_EQ(report.removed.size(), 1U);
  EXPECT_EQ(report.removed[0].reason, RemovalReason::leftover);
  EXPECT_THAT(visible_files(), Not(Contains("old.npz")));
  EXPECT_THAT(visible_files(), Contains("fresh.npz"));
}

TEST_F(DiskBudget, ClearRemovesEverything) {
  for (int i = 0; i < 30; ++i) store("k" + std::to_string(i), versioned_entry(1));
  EXPECT_EQ(cache().clear(), 60U);
  EXPECT_EQ(entries(), 0U);
  EXPECT_THAT(visible_files(), IsEmpty());
  EXPECT_EQ(cache().clear(), 0U);
}

}  // namespace
}  // namespace neve
