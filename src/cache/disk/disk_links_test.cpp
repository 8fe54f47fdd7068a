#include <gmock/gmock.h>
#include <sys/stat.h>

#include <string>

#include <neve/base/error.hpp>

#include "cache/disk/disk_cache_fixture.hpp"

namespace neve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Links, pipes and folders where a cache folder has its own files and folders, and files with more names than one.
class DiskLinks : public DiskCacheInFolder {
 protected:
  /// A folder of somebody else's with a file in it that looks like an entry's.
  [[nodiscard]] std::filesystem::path elsewhere() const {
    const std::filesystem::path folder = folder_.path() / "elsewhere";
    std::filesystem::create_directories(folder / "tmp");
    std::filesystem::create_directories(folder / "quarantine");
    for (const char* const file : {"theirs.npz", "tmp/theirs.npz", "quarantine/theirs.npz"})
      replace_file(folder / file, as_byte_span("x"), Durability::none);
    return folder;
  }
  [[nodiscard]] std::size_t files_elsewhere() const {
    std::size_t files = 0;
    for (const auto& item : std::filesystem::recursive_directory_iterator(folder_.path() / "elsewhere"))
      files += item.is_regular_file() ? 1 : 0;
    return files;
  }
  /// Puts a link to `target` into the place of `name`.
  void link_away(const std::string& name, const std::filesystem::path& target) {
    std::filesystem::remove_all(path(name));
    std::filesystem::create_directories(path(name).parent_path());
    std::filesystem::create_symlink(target, path(name));
  }
  void put_pipe(const std::string& name) {
    std::filesystem::remove_all(path(name));
    std::filesystem::create_directories(path(name).parent_path());
    ASSERT_EQ(::mkfifo(path(name).c_str(), 0600), 0);
  }
  void damage(const std::string& key) {
    std::string bytes = content(key + ".npz");
    bytes.at(100) ^= 1;
    overwrite(key + ".npz", bytes);
    age(key);
  }
  /// Gives the entry's files further names, as `cp -al` does, and returns what they hold.
  std::pair<std::string, std::string> copy_by_links(const std::string& key) {
    for (const char* const suffix : {".json", ".npz"})
      std::filesystem::create_hard_link(path(key + suffix), folder_.path() / ("copy" + std::string(suffix)));
    return copied();
  }
  [[nodiscard]] std::pair<std::string, std::string> copied() const {
    return {std::string(read_file(folder_.path() / "copy.json")->text()),
            std::string(read_file(folder_.path() / "copy.npz")->text())};
  }
};

TEST_F(DiskLinks, DamagedFilesDoNotLeaveThroughALinkedQuarantine) {
  store("k", versioned_entry(1));
  damage("k");
  link_away(".neve/quarantine", elsewhere());
  EXPECT_EQ(lookup("k").reason, MissReason::corrupt);
  EXPECT_THAT(visible_files(), ElementsAre("k.json", "k.npz"));
  EXPECT_EQ(cache().clear_quarantine(), 0U);
  cache().clear();
  EXPECT_EQ(files_elsewhere(), 3U);
}

TEST_F(DiskLinks, NothingIsWrittenThroughALinkThatIsThereWhenTheCacheIsOpened) {
  for (const char* const name : {".neve", ".neve/tmp"}) {
    link_away(name, elsewhere());
    EXPECT_THAT(store("k", versioned_entry(1)).declined, HasSubstr(std::string(name) + "' is a link")) << name;
    EXPECT_EQ(files_elsewhere(), 3U) << name;
    close();
    std::filesystem::remove(path(name));
  }
  EXPECT_TRUE(store("k", versioned_entry(1)).stored);
}

TEST_F(DiskLinks, NothingIsWrittenThroughALinkThatComesLater) {
  for (const char* const name : {".neve", ".neve/tmp"}) {
    store("k", versioned_entry(1));
    link_away(name, elsewhere());
    EXPECT_THROW(store("l", versioned_entry(2)), Error) << name;
    EXPECT_EQ(files_elsewhere(), 3U) << name;
    EXPECT_TRUE(lookup("k").hit()) << name;
    close();
    std::filesystem::remove(path(name));
  }
}

TEST_F(DiskLinks, CollectingRemovesOnlyTemporaryFilesOfNeves) {
  store("k", versioned_entry(1));
  for (const char* const name : {"a-thesis-of-three-years.tex", "0123456789abcdef-1.tex", "0123456789abcdef.npz",
                                 "0123456789abcdeg-1.npz", "0123456789abcdef-x.npz", "0123456789ABCDEF-1.npz"})
    overwrite(std::string(".neve/tmp/") + name, "x");
  overwrite(".neve/tmp/0123456789abcdef-1.npz", "x");
  EXPECT_EQ(collect().stale_temporaries, 1U);
  EXPECT_TRUE(std::filesystem::exists(path(".neve/tmp/a-thesis-of-three-years.tex")));
  EXPECT_FALSE(std::filesystem::exists(path(".neve/tmp/0123456789abcdef-1.npz")));
}

TEST_F(DiskLinks, ClearingTheQuarantineLeavesWhatIsNoEntrys) {
  store("k", versioned_entry(1));
  damage("k");
  std::ignore = lookup("k");
  overwrite(".neve/quarantine/notes.txt", "x");
  EXPECT_EQ(cache().clear_quarantine(), 2U);
  EXPECT_TRUE(std::filesystem::exists(path(".neve/quarantine/notes.txt")));
}

TEST_F(DiskLinks, PipesInThePlaceOfNevesOwnFilesAreNotWaitedFor) {
  store("k", versioned_entry(1));
  close();
  put_pipe(".neve/cleaner.lock");
  put_pipe(".neve/ledger");
  put_pipe("p.json");
  put_pipe("p.npz");
  EXPECT_TRUE(lookup("k").hit());
  EXPECT_EQ(lookup("p").reason, MissReason::foreign);
  EXPECT_FALSE(cache().inspect(Key("p")));
  EXPECT_EQ(cache().verify(Key("p")).reason, MissReason::foreign);
  std::ignore = cache().collect({});
  close();
  put_pipe(".neve/ledger");
  options_.access = FolderAccess::read_only;
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskLinks, WhateverStandsInTheLocksPlaceTheBudgetIsKept) {
  options_.budget_files = 8;
  for (const bool pipe : {true, false}) {
    std::filesystem::remove(path(".neve/cleaner.lock"));
    if (pipe) {
      put_pipe(".neve/cleaner.lock");
    } else {
      std::filesystem::create_directory(path(".neve/cleaner.lock"));
    }
    for (int i = 0; i < 20; ++i) store("k" + std::to_string(i), versioned_entry(1));
    EXPECT_LE(cache().usage().entries, 4U) << pipe;
  }
}

TEST_F(DiskLinks, StoringTouchingAndExpiringChangeNoFileUnderAnotherName) {
  store("k", versioned_entry(1), 5.0);
  const auto before = copy_by_links("k");
  EXPECT_TRUE(cache().touch(Key("k"), clock_.now() + std::chrono::hours(1)));
  EXPECT_EQ(copied(), before);
  std::filesystem::remove(folder_.path() / "copy.npz");
  std::filesystem::create_hard_link(path("k.npz"), folder_.path() / "copy.npz");
  const auto touched = copied();
  store("k", versioned_entry(2));
  EXPECT_EQ(copied(), touched);
  clock_.advance(std::chrono::hours(2));
  std::ignore = lookup("k");
  EXPECT_EQ(copied(), touched);
}

TEST_F(DiskLinks, ALedgerThatACopyOfTheFolderSharesIsNotWrittenInto) {
  store("k", versioned_entry(1), 5.0);
  close();
  const std::filesystem::path copy = folder_.path() / "ledger";
  std::filesystem::create_hard_link(path(".neve/ledger"), copy);
  const std::string before(read_file(copy)->text());
  store("l", versioned_entry(2), 7.0);
  EXPECT_EQ(read_file(copy)->text(), before);
  EXPECT_EQ(lookup("k").compute_s, 5.0) << "what was known is still known";
  DiskCache another(options_);
  EXPECT_EQ(another.lookup(Key("l"), {}).compute_s, 7.0) << "and shared with others";
}

TEST_F(DiskLinks, WhoLooksFirstAndActsThenStaysWithTheFolder) {
  options_.when_moved = WhenMoved::stay;
  store("k", versioned_entry(1));
  KeyWalk keys = cache().walk();
  swap_in("k", 2);
  clock_.advance(std::chrono::seconds(2));
  for (const Key& key : keys.next(10)) EXPECT_TRUE(cache().erase(key));
  EXPECT_THAT(visible_files(), ElementsAre("k.json", "k.npz"));
  EXPECT_FALSE(std::filesystem::exists(options_.root.string() + ".old2/k.json"));
}

TEST_F(DiskLinks, ACollectionThatHasBegunDoesNotGoOnInTheFolderThatTookThePath) {
  for (int i = 0; i < 20; ++i) store("entry" + std::to_string(i), versioned_entry(i));
  CollectOptions options;
  options.slice = 4;
  options.budget_files = 0;
  ASSERT_FALSE(cache().collect(options).complete);
  swap_in("theirs", 2);
  clock_.advance(std::chrono::seconds(2));
  EXPECT_TRUE(lookup("theirs").hit());
  options.budget_files.reset();
  CollectReport report = cache().collect(options);
  while (!report.complete) report = cache().collect(options);
  EXPECT_THAT(report.removed, IsEmpty());
  EXPECT_EQ(cache().usage().entries, 1U);
  EXPECT_TRUE(lookup("theirs").hit());
}

}  // namespace
}  // namespace neve
