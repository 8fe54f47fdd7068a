#include <gmock/gmock.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <neve/base/error.hpp>
#include <neve/cache/observed.hpp>

#include "cache/disk/disk_cache_fixture.hpp"
#include "support/child_process.hpp"
#include "support/failing_call.hpp"

namespace neve {
namespace {

using testing::HasSubstr;

/// Folders that are missing, in the way, read-only or full.
class DiskFolder : public DiskCacheInFolder {
 protected:
  [[nodiscard]] std::string message_of_opening() {
    try {
      (void)cache();
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
};

/// Makes a filesystem of 256 KB at `path` that only this process sees, or, without the right to mount, limits the size
/// of its files.
void make_small(const std::filesystem::path& path) {
  if (::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
      ::mount("small", path.c_str(), "tmpfs", 0, "size=256k") == 0) {
    return;
  }
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{128 << 10, 128 << 10};
  require(::setrlimit(RLIMIT_FSIZE, &limit) == 0, "cannot limit the size of files");
}

TEST_F(DiskFolder, WhatAServerRefusesOnlyWhenAFileIsClosedIsNotStoredAndTheOldEntryStays) {
  ASSERT_TRUE(in_child([&] {
    store("k", versioned_entry(1));
    fail_system_call(SYS_close, EDQUOT);  // the quota of a network filesystem
    EXPECT_THROW(store("k", versioned_entry(2)), Error);
    const LookupResult found = lookup("k");
    require(!HasFailure() && found.hit() && same_entry(*found.entry, versioned_entry(1)), "the new one counts");
  }));
}

TEST_F(DiskFolder, MissingFolderIsMade) {
  options_.root = folder_.path() / "a" / "b" / "c";
  EXPECT_TRUE(store("k", versioned_entry(1)).stored);
  EXPECT_TRUE(lookup("k").hit());
}

TEST_F(DiskFolder, FolderRemovedWhileOpenIsMadeAnew) {
  store("k", versioned_entry(1));
  std::filesystem::remove_all(options_.root);
  EXPECT_FALSE(lookup("k").hit());
  EXPECT_TRUE(store("k", versioned_entry(2)).stored);
  EXPECT_TRUE(lookup("k").hit());
  EXPECT_TRUE(std::filesystem::exists(path("k.json")));
  DiskCache another(options_);
  EXPECT_TRUE(another.contains(Key("k")));
}

TEST_F(DiskFolder, ReaderFindsWhatAnotherFolderHasThatTookThePath) {
  store("old", versioned_entry(1));
  close();
  options_.access = FolderAccess::read_only;
  EXPECT_FALSE(has("new"));
  swap_in("new", 2);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(same_entry(*lookup("new").entry, versioned_entry(2)));
  EXPECT_TRUE(has("new"));
  EXPECT_FALSE(lookup("old").hit());
}

TEST_F(DiskFolder, ReaderFindsWhatAnotherStoredAfterTheFolderWasRemoved) {
  store("k", versioned_entry(1));
  close();
  options_.access = FolderAccess::read_only;
  EXPECT_FALSE(lookup("nobody").hit());
  std::filesystem::remove_all(options_.root);
  EXPECT_FALSE(lookup("k").hit());
  DiskCacheOptions writing = options_;
  writing.access = FolderAccess::read_write;
  DiskCache(writing).store(Key("k"), versioned_entry(2), {});
  EXPECT_TRUE(same_entry(*lookup("k").entry, versioned_entry(2)));
}

TEST_F(DiskFolder, WriterStoresIntoTheFolderThatTookThePath) {
  store("old", versioned_entry(1));
  swap_in("new", 2);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(store("later", versioned_entry(3)).stored);
  EXPECT_TRUE(std::filesystem::exists(path("later.json")));
  EXPECT_EQ(cache().usage().entries, 2U);
  DiskCache another(options_);
  std::ignore = another.collect({});
  EXPECT_TRUE(store("last", versioned_entry(4)).stored) << "what it works with was taken for a dead process's";
}

TEST_F(DiskFolder, WhatIsInTheFolderThatTookThePathIsFoundWithoutAMissBefore) {
  options_.recent_bytes = 0;
  store("k", versioned_entry(1));
  ASSERT_TRUE(lookup("k").hit());
  swap_in("k", 2);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(same_entry(*lookup("k").entry, versioned_entry(2)));
  swap_in("another", 3);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_FALSE(has("k"));
}

TEST_F(DiskFolder, FileInTheWayIsNamed) {
  options_.root = folder_.path() / "file";
  replace_file(options_.root, as_byte_span("x"), Durability::none);
  EXPECT_THAT(message_of_opening(), HasSubstr("file' is not a folder"));
  options_.root = folder_.path() / "file" / "below";
  EXPECT_THAT(message_of_opening(), HasSubstr("below' is not a folder"));
}

TEST_F(DiskFolder, ReadOnlyCacheMustBeThere) {
  options_.access = FolderAccess::read_only;
  EXPECT_THAT(message_of_opening(), HasSubstr("there is no folder"));
  EXPECT_FALSE(std::filesystem::exists(options_.root));
}

TEST_F(DiskFolder, ReadOnlyAccessFindsAndDeclines) {
  store("k", versioned_entry(1), 4);
  close();
  options_.access = FolderAccess::read_only;
  const LookupResult found = lookup("k");
  ASSERT_TRUE(found.hit());
  EXPECT_EQ(found.compute_s, 4);
  const StoreResult stored = store("l", versioned_entry(2));
  EXPECT_FALSE(stored.stored);
  EXPECT_THAT(stored.declined, HasSubstr("read-only"));
  EXPECT_THROW(cache().erase(Key("k")), Error);
  EXPECT_THROW((void)cache().collect({}), Error);
}

TEST_F(DiskFolder, ReadOnlyAccessReportsExpiryWithoutRemoving) {
  StoreOptions soon;
  soon.expires_at = clock_.now() + std::chrono::seconds(5);
  cache().store(Key("k"), versioned_entry(1), soon);
  close();
  clock_.advance(std::chrono::seconds(10));
  options_.access = FolderAccess::read_only;
  EXPECT_EQ(lookup("k").reason, MissReason::expired);
  EXPECT_EQ(lookup("k").reason, MissReason::expired);
}

TEST_F(DiskFolder, ExpiredIsAMissWhereNothingTemporaryCanBeMade) {
  StoreOptions soon;
  soon.expires_at = clock_.now() + std::chrono::seconds(5);
  cache().store(Key("k"), versioned_entry(1), soon);
  close();
  clock_.advance(std::chrono::seconds(10));
  (void)cache();
  std::filesystem::remove_all(path(".neve/tmp"));
  overwrite(".neve/tmp", "a file in the way");
  EXPECT_EQ(lookup("k").reason, MissReason::expired);
  EXPECT_FALSE(std::filesystem::exists(path("k.json"))) << "what has expired is room";
}

TEST_F(DiskFolder, CollectingMakesRoomWhereNoFileCanBeMade) {
  std::filesystem::create_directories(options_.root);
  EXPECT_TRUE(in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("small", options_.root.c_str(), "tmpfs", 0, "size=4m,nr_inodes=40") != 0) {
      return;  // without the right to mount
    }
    options_.budget_files = 1000;
    int stored = 0;
    try {
      for (;; ++stored) store("k" + std::to_string(stored), versioned_entry(1));
    } catch (const Error& error) {
      require(error.code() == ErrorCode::io, error.what());
    }
    close();
    for (int i = 0;; ++i) {  // the last one, too
      std::error_code none;
      if (!std::filesystem::create_directory(path("filler" + std::to_string(i)), none)) break;
    }
    CollectOptions less;
    less.budget_files = 10;
    less.mode = CollectMode::dry_run;
    require(collect(less).removed.size() == static_cast<std::size_t>(stored - 5), "a dry run does not count them");
    less.mode = CollectMode::remove;
    collect(less);
    require(cache().usage().entries == 5, "nothing was removed");
    require(store("after", versioned_entry(1)).stored, "there is no room yet");
    close();
  }));
}

TEST_F(DiskFolder, FolderOfSomebodyElseIsUsedReadOnly) {
  store("k", versioned_entry(1), 4);
  close();
  std::filesystem::permissions(folder_.path(), std::filesystem::perms{0755});
  std::filesystem::permissions(options_.root, std::filesystem::perms{0555});
  EXPECT_TRUE(in_child([&] {
    become_nobody();
    const LookupResult found = lookup("k");
    require(found.hit() && found.compute_s == 4, "the entry was not found: " + found.detail);
    const StoreResult stored = store("l", versioned_entry(2));
    require(!stored.stored && stored.declined.find("cannot be written") != std::string::npos,
            "the store was not declined: " + stored.declined);
    require(lookup("nobody").reason == MissReason::absent, "a miss is a miss");
    require(!cache().doctor().writable, "the doctor did not notice");
    close();
  }));
  std::filesystem::permissions(options_.root, std::filesystem::perms{0755});
}

TEST_F(DiskFolder, WhoMayWriteIntoAGroupsFolderMayWriteIntoWhatAnotherMadeInIt) {
  std::filesystem::permissions(folder_.path(), std::filesystem::perms{0777});
  std::filesystem::create_directories(options_.root);
  std::filesystem::permissions(options_.root, std::filesystem::perms{0777});
  EXPECT_TRUE(store("k", versioned_entry(1)).stored);  // makes .neve, under the usual umask
  EXPECT_TRUE(in_child([&] {
    become_nobody();
    const StoreResult stored = store("k", versioned_entry(2));
    require(stored.stored, "the store was declined: " + stored.declined);
    close();
  }));
}

TEST_F(DiskFolder, WhatAnotherComputedInAGroupsFolderCountsForAll) {
  std::filesystem::permissions(folder_.path(), std::filesystem::perms{0777});
  std::filesystem::create_directories(options_.root);
  std::filesystem::permissions(options_.root, std::filesystem::perms{0777});
  EXPECT_TRUE(store("mine", versioned_entry(1), 3).stored);  // makes the ledger, under the usual umask
  collect();
  EXPECT_TRUE(in_child([&] {
    become_nobody();
    require(store("theirs", versioned_entry(2), 4).stored, "the store was declined");
    collect();
    close();
  }));
  EXPECT_EQ(lookup("theirs").compute_s, 4);
  for (const char* name : {".neve/ledger", ".neve/cleaner.lock"}) {
    EXPECT_EQ(std::filesystem::status(path(name)).permissions(), std::filesystem::perms{0666}) << name;
  }
}

TEST_F(DiskFolder, FolderThatBecomesReadOnlyDeclinesFromThenOn) {
  std::filesystem::permissions(folder_.path(), std::filesystem::perms{0777});
  EXPECT_TRUE(in_child([&] {
    become_nobody();
    require(store("k", versioned_entry(1)).stored, "the store failed");
    std::filesystem::permissions(path(".neve/tmp"), std::filesystem::perms{0555});
    require(!store("l", versioned_entry(2)).stored, "the store was not declined");
    require(lookup("k").hit(), "the entry was lost");
    std::filesystem::permissions(path(".neve/tmp"), std::filesystem::perms{0755});
    require(store("l", versioned_entry(2)).stored, "the store failed after all was well again");
    close();
  }));
}

TEST_F(DiskFolder, EntryThatMayNotBeReadIsUnavailable) {
  std::filesystem::permissions(folder_.path(), std::filesystem::perms{0777});
  EXPECT_TRUE(in_child([&] {
    become_nobody();
    store("k", versioned_entry(1));
    std::filesystem::permissions(path("k.npz"), std::filesystem::perms::none);
    const LookupResult found = lookup("k");
    require(found.reason == MissReason::unavailable && found.detail.find("k.npz") != std::string::npos, found.detail);
    close();
  }));
}

TEST_F(DiskFolder, FullDiskFailsTheStoreAndLosesNothing) {
  std::filesystem::create_directories(options_.root);
  EXPECT_TRUE(in_child([&] {
    make_small(options_.root);
    require(store("small", versioned_entry(1)).stored, "a small entry did not fit");
    store("grows", versioned_entry(2));
    for (const std::size_t values : {60'000UL, 1'000'000UL}) {
      for (const std::string key : {"grows", "new"}) {
        try {
          store(key, versioned_entry(3, values));
          require(false, "the disk was not full");
        } catch (const Error& error) {
          require(error.code() == ErrorCode::io, std::string("not an io error: ") + error.what());
        }
      }
    }
    require(same_entry(*lookup("grows").entry, versioned_entry(2)), "the old entry was lost");
    require(lookup("new").reason == MissReason::absent, "something is there");
    require(visible_files().size() == 4, "files are left");
    require(store("later", versioned_entry(4)).stored, "the cache did not recover");
    close();
    require(std::filesystem::is_empty(path(".neve/tmp")), "temporary files are left");
  }));
}

TEST_F(DiskFolder, WhoIsNotToldThatTheDiskIsFullDoesNotFindTheOldEntry) {
  std::filesystem::create_directories(options_.root);
  EXPECT_TRUE(in_child([&] {
    make_small(options_.root);
    Observed quiet(std::make_shared<DiskCache>(options_));
    require(quiet.store(Key("k"), versioned_entry(1), {}).stored, "a small entry did not fit");
    require(!quiet.store(Key("k"), versioned_entry(2, 1'000'000), {}).stored, "the disk was not full");
    require(quiet.lookup(Key("k"), {}).reason == MissReason::absent, "the old entry was found for the new one");
  }));
}

TEST_F(DiskFolder, WhatAFullDiskHasAlreadyIsStoredAndNotErased) {
  EXPECT_TRUE(in_child([&] {
    Observed quiet(std::make_shared<DiskCache>(options_));
    for (const char* const key : {"same", "other", "expires"})
      require(quiet.store(Key(key), versioned_entry(1), {}).stored, "it was not stored");
    fail_system_call(SYS_pwrite64, ENOSPC);
    StoreOptions for_an_hour;
    for_an_hour.expires_at = clock_.now() + std::chrono::hours(1);
    require(quiet.store(Key("same"), versioned_entry(1), {}).stored, "it is there");
    require(quiet.lookup(Key("same"), {}).hit(), "two who computed the same have lost it");
    require(!quiet.store(Key("other"), versioned_entry(2), {}).stored, "the disk was not full");
    require(!quiet.lookup(Key("other"), {}).hit(), "the old entry was found for the new one");
    require(!quiet.store(Key("expires"), versioned_entry(1), for_an_hour).stored, "the disk was not full");
    require(!quiet.lookup(Key("expires"), {}).hit(), "it outlives what was to replace it");
  }));
}

TEST_F(DiskFolder, DiskFilledToTheLastByteNeverCrashes) {
  std::filesystem::create_directories(options_.root);
  EXPECT_TRUE(in_child([&] {
    make_small(options_.root);
    int stored = 0;
    for (int i = 0; i < 400; ++i) {
      try {
        stored += store("k" + std::to_string(i), versioned_entry(1, 100 + i)).stored ? 1 : 0;
      } catch (const Error& error) {
        require(error.code() == ErrorCode::io, error.what());
      }
    }
    require(stored > 10, "hardly anything was stored");
    int found = 0;
    for (int i = 0; i < 400; ++i) found += lookup("k" + std::to_string(i)).hit() ? 1 : 0;
    require(found == stored, "what was stored is not what is found");
    cache().clear();
    require(store("after", versioned_entry(1)).stored, "room was not given back");
    close();
  }));
}

}  // namespace
}  // namespace neve
