#include "cache/disk/entry/recent_entries.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "cache/disk/disk_cache_fixture.hpp"
#include "support/eventually.hpp"

namespace neve {
namespace {

const std::byte* place_of(const LookupResult& found) {
  return found.hit() ? found.entry->arrays.begin()->second.bytes().data() : nullptr;
}

/// Looked up twice, an entry that is kept has its arrays in the same place.
bool is_kept(DiskCache& cache, const Key& key) {
  const LookupResult first = cache.lookup(key, {});
  const LookupResult second = cache.lookup(key, {});
  return first.hit() && place_of(first) == place_of(second);
}

class RecentlyReadEntries : public DiskCacheInFolder {
 protected:
  void store_and_keep(const std::string& key) {
    store(key, versioned_entry(1));
    ASSERT_TRUE(eventually([&] { return is_kept(cache(), Key(key)); }));
  }
  [[nodiscard]] std::uint64_t version_found(const std::string& key) {
    const LookupResult found = lookup(key);
    return found.hit() ? found.entry->meta.at("version").get<std::uint64_t>() : 0;
  }
  /// In place, so that the file keeps its number and its size.
  void flip_in_place(const std::string& name, std::streamoff position) {
    std::fstream file(path(name), std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(position);
    const int old = file.get();
    file.seekp(position);
    file.put(static_cast<char>(old ^ 1));
  }
};

TEST_F(RecentlyReadEntries, HitsAreStillCounted) {
  store_and_keep("k");
  const std::uint64_t before = cache().inspect(Key("k"))->hits;
  ASSERT_EQ(version_found("k"), 1U);
  ASSERT_EQ(version_found("k"), 1U);
  EXPECT_EQ(cache().inspect(Key("k"))->hits, before + 2);
}

TEST_F(RecentlyReadEntries, AreHandedOutWithoutACopyUnlessOneIsTaken) {
  store_and_keep("k");
  LookupResult first = lookup("k");
  const LookupResult second = lookup("k");
  EXPECT_EQ(&*first.entry, &*second.entry);
  Entry taken = std::move(first.entry).take();
  taken.meta["version"] = 2;
  EXPECT_EQ(version_found("k"), 1U) << "what is kept is nobody's to change";
}

TEST_F(RecentlyReadEntries, WhatAnotherProcessStoresIsFoundAtOnce) {
  store_and_keep("k");
  DiskCache other(options_);
  for (std::uint64_t version = 2; version < 20; ++version) {
    other.store(Key("k"), versioned_entry(version), {});
    ASSERT_EQ(version_found("k"), version);
  }
}

TEST_F(RecentlyReadEntries, WhatAnotherProcessErasesIsGone) {
  store_and_keep("k");
  DiskCache other(options_);
  other.erase(Key("k"));
  EXPECT_EQ(lookup("k").reason, MissReason::absent);
}

TEST_F(RecentlyReadEntries, AreNotThoseOfAFolderThatLostThePath) {
  store_and_keep("k");
  swap_in("k", 2);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(version_found("k"), 2U) << "only looked up where it is kept";
  ASSERT_TRUE(eventually([&] { return is_kept(cache(), Key("k")); }));
  swap_in("k", 3);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_FALSE(lookup("other").hit());
  EXPECT_EQ(version_found("k"), 3U) << "a miss came before";
}

TEST_F(RecentlyReadEntries, ExpiryThatAnotherProcessSetsHolds) {
  store_and_keep("k");
  DiskCache other(options_);
  ASSERT_TRUE(other.touch(Key("k"), clock_.now() + std::chrono::seconds(1)));
  ASSERT_EQ(version_found("k"), 1U);
  clock_.advance(std::chrono::seconds(2));
  EXPECT_EQ(lookup("k").reason, MissReason::expired);
}

TEST_F(RecentlyReadEntries, ExpireInTime) {
  StoreOptions until;
  until.expires_at = clock_.now() + std::chrono::minutes(1);
  cache().store(Key("k"), versioned_entry(1), until);
  ASSERT_TRUE(eventually([&] { return is_kept(cache(), Key("k")); }));
  clock_.advance(std::chrono::minutes(2));
  EXPECT_EQ(lookup("k").reason, MissReason::expired);
}

TEST_F(RecentlyReadEntries, AByteThatIsChangedInPlaceIsSeen) {
  for (const std::string name : {"a.npz", "b.json"}) {
    const std::string key(1, name[0]);
    store_and_keep(key);
    flip_in_place(name, 20);
    EXPECT_FALSE(lookup(key).hit()) << name;
  }
}

TEST_F(RecentlyReadEntries, BothHalvesOfAnotherProgramAreWatched) {
  place_unsealed("k");
  ASSERT_TRUE(eventually([&] { return is_kept(cache(), Key("k")); }));
  flip_in_place("k.npz", 60);
  EXPECT_FALSE(lookup("k").hit());
}

/// The link may be replaced without a trace on the file behind it.
TEST_F(RecentlyReadEntries, LinkedFilesAreReadEachTime) {
  store("linked", versioned_entry(1));
  for (const std::string name : {"linked.json", "linked.npz"}) {
    std::filesystem::rename(path(name), folder_.path() / name);
    std::filesystem::create_symlink("../" + name, path(name));
  }
  store_and_keep("later");
  ASSERT_TRUE(lookup("linked").hit());
  EXPECT_FALSE(is_kept(cache(), Key("linked")));
}

TEST_F(RecentlyReadEntries, LargeOnesAreNotKept) {
  options_.recent_bytes = 80'000;
  store("large", versioned_entry(1, 2000));
  store_and_keep("small");
  EXPECT_FALSE(is_kept(cache(), Key("large")));
}

TEST_F(RecentlyReadEntries, StayWithinTheirMemory) {
  options_.recent_bytes = 80'000;
  std::vector<LookupResult> held;  // so that no other entry's arrays can be where these are
  for (int i = 0; i < 12; ++i) {
    const std::string key = "k" + std::to_string(i);
    store(key, versioned_entry(1, 1200));  // 9,600 bytes
    ASSERT_TRUE(eventually([&] { return is_kept(cache(), Key(key)); }));
    held.push_back(lookup(key));
  }
  std::size_t kept = 0;
  for (int i = 11; i >= 0; --i) kept += place_of(lookup("k" + std::to_string(i))) == place_of(held[i]) ? 1 : 0;
  EXPECT_GE(kept, 1U);
  EXPECT_LE(kept, 8U);
}

TEST_F(RecentlyReadEntries, MappedAndOwnedOnesAreDifferent) {
  store("k", versioned_entry(1, 700'000));
  const Key key("k");
  LookupResult mapped;
  ASSERT_TRUE(eventually([&] {
    mapped = cache().lookup(key, {Placement::mapped});
    return place_of(mapped) == place_of(cache().lookup(key, {Placement::mapped}));
  }));
  EXPECT_NE(place_of(mapped), place_of(cache().lookup(key, {Placement::owned})));
}

/// Whether the files are looked at by their names or as they were opened.
class WatchedFiles : public DiskCacheInFolder, public testing::WithParamInterface<ChangeSign> {
 protected:
  WatchedFiles() : key_("k") {
    store("k", versioned_entry(1));
    root_.emplace(RootFolder::open(options_.root, FolderAccess::read_only));
    recent_.emplace(*root_, 1 << 20, [this](int) { return sign_; });
  }
  [[nodiscard]] bool kept() { return recent_->find(key_, kTag, Placement::owned) != nullptr; }
  void keep() {
    ASSERT_TRUE(eventually([&] {
      const std::chrono::nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
      keep_if_settled_before(now);
      return kept();
    }));
  }
  void keep_if_settled_before(std::chrono::nanoseconds now) {
    OpenPair files(*root_, EntryNames(key_));
    recent_->keep(kTag, {key_, Placement::owned, lookup("k"), {}, false, root_->generation(), std::move(files)}, now);
  }

  static constexpr std::uint64_t kTag = 7;
  Key key_;
  std::optional<RootFolder> root_;
  std::optional<RecentEntries> recent_;
  ChangeSign sign_ = GetParam();
};

TEST_P(WatchedFiles, TellThatTheyWereReplaced) {
  for (const std::string name : {"k.json", "k.npz"}) {
    keep();
    overwrite(name, content(name));
    EXPECT_FALSE(kept()) << name;
  }
}

TEST_P(WatchedFiles, TellThatTheyWereRemovedOrMoved) {
  for (const std::string name : {"k.json", "k.npz"}) {
    keep();
    std::filesystem::rename(path(name), folder_.path() / "elsewhere");
    EXPECT_FALSE(kept()) << name;
    std::filesystem::rename(folder_.path() / "elsewhere", path(name));
    keep();
    std::filesystem::remove(path(name));
    EXPECT_FALSE(kept()) << name;
    store("k", versioned_entry(2));
  }
}

TEST_P(WatchedFiles, AreNotTrustedRightAfterTheyWereWritten) {
  store("k", versioned_entry(2));
  const std::chrono::nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
  keep_if_settled_before(now);
  EXPECT_FALSE(kept());
}

TEST_P(WatchedFiles, AreThoseOfTheOpenFolder) {
  keep();
  swap_in("k", 2);
  ASSERT_TRUE(root_->follow(clock_.now()));
  EXPECT_FALSE(kept());
}

TEST_P(WatchedFiles, AreNotKeptOnceTheFolderIsOneThatShowsNoChanges) {
  ASSERT_FALSE(recent_->asked_again(kTag));
  ASSERT_TRUE(recent_->asked_again(kTag));
  swap_in("k", 2);
  ASSERT_TRUE(root_->follow(clock_.now()));
  sign_ = ChangeSign::none;
  EXPECT_FALSE(recent_->asked_again(kTag));
}

INSTANTIATE_TEST_SUITE_P(By, WatchedFiles, testing::Values(ChangeSign::name, ChangeSign::descriptor),
                         [](const auto& sign) { return sign.param == ChangeSign::name ? "Name" : "Descriptor"; });

}  // namespace
}  // namespace neve
