#include <neve/cache/copy_entry.hpp>

#include <chrono>
#include <fstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/cache/disk_cache.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

/// Two folders, and an entry in the first.
class CopiedEntry : public testing::Test {
 protected:
  CopiedEntry() : from_(in("from")), to_(in("to")) {
    entry_.meta = {{"value", 7}};
    entry_.arrays.emplace("a", Array::from(std::vector<double>{1, 2, 3}));
  }

  [[nodiscard]] DiskCacheOptions in(const char* name) const {
    DiskCacheOptions options;
    options.root = folder_.path() / name;
    return options;
  }

  TemporaryFolder folder_;
  Entry entry_;
  Key key_{"k"};
  DiskCache from_;
  DiskCache to_;
};

TEST_F(CopiedEntry, HasWhatBelongsToIt) {
  StoreOptions store;
  store.expires_at = Clock::system().now() + std::chrono::hours(1);
  store.recipe = R"({"made":"from"})";
  store.compute_s = 12.5;
  from_.store(key_, entry_, store);
  const CopyResult copy = copy_entry(from_, to_, key_);
  EXPECT_EQ(copy.outcome, CopyOutcome::copied);
  const LookupResult found = to_.lookup(key_, {});
  ASSERT_TRUE(found.hit());
  EXPECT_EQ(copy.stored_bytes, found.stored_bytes);
  EXPECT_EQ(found.entry->meta, entry_.meta);
  EXPECT_THAT(found.entry->arrays.at("a").as<double>(), testing::ElementsAre(1, 2, 3));
  EXPECT_EQ(found.expires_at, store.expires_at);
  EXPECT_EQ(found.recipe, store.recipe);
  EXPECT_EQ(found.compute_s, 12.5);
}

TEST_F(CopiedEntry, LeavesWhatTheOtherHas) {
  from_.store(key_, entry_, {});
  Entry other;
  other.meta = {{"value", 8}};
  to_.store(key_, other, {});
  EXPECT_EQ(copy_entry(from_, to_, key_).outcome, CopyOutcome::there);
  EXPECT_EQ(to_.lookup(key_, {}).entry->meta.at("value"), 8);
}

TEST_F(CopiedEntry, TakesThePlaceOfOneThatHasExpired) {
  from_.store(key_, entry_, {});
  StoreOptions past;
  past.expires_at = Clock::system().now() - std::chrono::hours(1);
  to_.store(key_, entry_, past);
  EXPECT_EQ(copy_entry(from_, to_, key_).outcome, CopyOutcome::copied);
  EXPECT_TRUE(to_.lookup(key_, {}).hit());
}

TEST_F(CopiedEntry, IsNoneWhereThereIsNone) {
  const CopyResult copy = copy_entry(from_, to_, key_);
  EXPECT_EQ(copy.outcome, CopyOutcome::missed);
  EXPECT_EQ(copy.reason, MissReason::absent);
  EXPECT_FALSE(to_.contains(key_));
}

TEST_F(CopiedEntry, IsNoneOfADamagedOne) {
  from_.store(key_, entry_, {});
  std::ofstream(in("from").root / "k.npz", std::ios::app) << "more";
  const CopyResult copy = copy_entry(from_, to_, key_);
  EXPECT_EQ(copy.outcome, CopyOutcome::missed);
  EXPECT_EQ(copy.reason, MissReason::corrupt);
  EXPECT_FALSE(to_.contains(key_));
}

TEST_F(CopiedEntry, IsDeclinedWithTheReason) {
  from_.store(key_, entry_, {});
  DiskCacheOptions small = in("small");
  small.budget_bytes = 10;
  DiskCache cache(small);
  const CopyResult copy = copy_entry(from_, cache, key_);
  EXPECT_EQ(copy.outcome, CopyOutcome::declined);
  EXPECT_NE(copy.detail.find("exceed the budget"), std::string::npos) << copy.detail;
}

}  // namespace
}  // namespace neve
