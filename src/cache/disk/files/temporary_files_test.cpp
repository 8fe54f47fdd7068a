#include "cache/disk/files/temporary_files.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <string>

#include <sys/stat.h>
#include <sys/syscall.h>

#include <neve/base/file.hpp>

#include "support/child_process.hpp"
#include "support/failing_call.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

class TemporaryFilesInFolder : public testing::Test {
 protected:
  [[nodiscard]] std::size_t files() const {
    const auto entries = std::filesystem::directory_iterator(folder_.path() / kTemporaryFolder);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }

  TemporaryFolder folder_;
  RootFolder root_ = RootFolder::open(folder_.path(), FolderAccess::read_write);
};

TEST_F(TemporaryFilesInFolder, UnpublishedFileIsGone) {
  TemporaryFiles temporaries(root_);
  std::string name;
  {
    const TemporaryFile file = temporaries.create(".npz");
    name = file.full_name();
    EXPECT_TRUE(std::filesystem::exists(name));
  }
  EXPECT_FALSE(std::filesystem::exists(name));
}

TEST_F(TemporaryFilesInFolder, WhatIsLinkedInTheirPlaceIsLeftAlone) {
  for (const char* const linked : {".neve/tmp", ".neve"}) {
    const std::filesystem::path place = folder_.path() / linked;
    const std::filesystem::path elsewhere = folder_.path() / "elsewhere";
    std::filesystem::create_directories(elsewhere / "tmp");
    for (const char* const file : {"a-thesis-of-three-years.tex", "tmp/a-thesis-of-three-years.tex"})
      replace_file(elsewhere / file, as_byte_span("x"), Durability::none);
    std::filesystem::remove_all(place);
    std::filesystem::create_directories(place.parent_path());
    std::filesystem::create_directory_symlink(elsewhere, place);
    EXPECT_EQ(remove_stale_temporaries(root_, 100), 0U) << linked;
    EXPECT_TRUE(std::filesystem::exists(elsewhere / "a-thesis-of-three-years.tex")) << linked;
    EXPECT_TRUE(std::filesystem::exists(elsewhere / "tmp/a-thesis-of-three-years.tex")) << linked;
    std::filesystem::remove(place);
  }
}

TEST_F(TemporaryFilesInFolder, APipeInALocksPlaceIsNotWaitedFor) {
  std::filesystem::create_directories(folder_.path() / kTemporaryFolder);
  const std::string session = std::string(kTemporaryFolder) + "/0123456789abcdef";
  ASSERT_EQ(::mkfifo((folder_.path() / (session + ".lock")).c_str(), 0600), 0);
  replace_file(folder_.path() / (session + "-1.npz"), as_byte_span("x"), Durability::none);
  EXPECT_LE(remove_stale_temporaries(root_, 100), 2U) << "it came back";
}

TEST_F(TemporaryFilesInFolder, ClosedSessionLeavesNothing) {
  { (void)TemporaryFiles(root_).create(".npz"); }
  EXPECT_EQ(files(), 0U);
}

TEST_F(TemporaryFilesInFolder, CleanerSparesTheLivingAndTakesTheDead) {
  TemporaryFiles temporaries(root_);
  const TemporaryFile mine = temporaries.create(".npz");
  ASSERT_TRUE(in_child([&] {
    const RootFolder root = RootFolder::open(folder_.path(), FolderAccess::read_write);
    auto* theirs = new TemporaryFiles(root);
    write_all(theirs->create(".npz").fd(), as_byte_span("x"), "x");
    const TemporaryFile file = theirs->create(".json");
    ::_exit(0);  // dies without a word, as a killed process does
  }));
  EXPECT_EQ(count_stale_temporaries(root_, 1000), 1U);  // the session's lock is none
  EXPECT_EQ(remove_stale_temporaries(root_, 1000), 1U);
  EXPECT_EQ(files(), 2U) << "the living one's file and its lock";
  EXPECT_TRUE(std::filesystem::exists(mine.full_name()));
  EXPECT_EQ(count_stale_temporaries(root_, 1000), 0U);
}

TEST_F(TemporaryFilesInFolder, WhereNothingCanBeLockedThoseOfARunOfDaysAreNotTakenForTheDeads) {
  ASSERT_TRUE(in_child([&] {
    TemporaryFiles temporaries(root_);
    const std::string first = temporaries.unused_name(".npz");
    const std::string lock = first.substr(0, first.rfind('-')) + ".lock";
    const timespec days_ago{std::time(nullptr) - 48 * 3600, 0};
    const std::array times{days_ago, days_ago};
    require(::utimensat(root_.fd(), lock.c_str(), times.data(), 0) == 0, "the lock's time");
    fail_system_call(SYS_flock, ENOSYS);  // Lustre, unless it is mounted with "flock"
    const TemporaryFile file = temporaries.create(".npz");
    require(remove_stale_temporaries(root_, 1000) == 0, "a file in the making was removed");
  }));
}

TEST_F(TemporaryFilesInFolder, WhatAnotherMachineMayBeWritingStaysForADay) {
  std::filesystem::create_directories(folder_.path() / kTemporaryFolder);
  const std::filesystem::path theirs = folder_.path() / kTemporaryFolder / "0123456789abcdef";
  replace_file(theirs.string() + ".lock", as_byte_span("another machine"), Durability::none);
  replace_file(theirs.string() + "-1.npz", as_byte_span("x"), Durability::none);
  const auto clean = [&](std::size_t removed) {
    return in_child([&] {
      fail_system_call(SYS_fstatfs, ENOSYS);  // nobody knows what filesystem this is
      require(remove_stale_temporaries(root_, 100) == removed, "not so many");
    });
  };
  EXPECT_TRUE(clean(0));
  const auto days_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(48);
  std::filesystem::last_write_time(theirs.string() + ".lock", days_ago);
  EXPECT_TRUE(clean(1));
  EXPECT_EQ(files(), 0U);
}

TEST_F(TemporaryFilesInFolder, OneWhoseSessionWasTakenForDeadBeginsAnother) {
  TemporaryFiles temporaries(root_);
  const std::string first = temporaries.unused_name(".npz");
  const std::string lock = first.substr(0, first.rfind('-')) + ".lock";
  require(::unlinkat(root_.fd(), lock.c_str(), 0) == 0, "the lock is elsewhere");  // by a cleaner of another machine
  const TemporaryFile file = temporaries.create(".npz");
  EXPECT_EQ(remove_stale_temporaries(root_, 1000), 0U) << "a file in the making was removed";
}

TEST_F(TemporaryFilesInFolder, FolderRemovedMeanwhileIsMadeAnew) {
  TemporaryFiles temporaries(root_);
  (void)temporaries.create(".npz");
  std::filesystem::remove_all(folder_.path() / kPrivateFolder);
  const TemporaryFile file = temporaries.create(".npz");
  EXPECT_TRUE(std::filesystem::exists(file.full_name()));
  EXPECT_EQ(count_stale_temporaries(root_, 1000), 0U) << "the new session is alive";
}

TEST_F(TemporaryFilesInFolder, ForkedChildDoesNotEndItsParentsSession) {
  auto temporaries = std::make_unique<TemporaryFiles>(root_);
  const TemporaryFile file = temporaries->create(".npz");
  ASSERT_TRUE(in_child([&] {
    (void)temporaries->create(".npz");
    temporaries.reset();
  }));
  EXPECT_EQ(count_stale_temporaries(root_, 1000), 0U);
}

TEST_F(TemporaryFilesInFolder, ForkedChildNamesNothingAsItsParentDoes) {
  TemporaryFiles temporaries(root_);
  const TemporaryFile first = temporaries.create(".npz");
  const std::string file = folder_.path() / "names";
  ASSERT_TRUE(in_child([&] { replace_file(file, as_byte_span(temporaries.unused_name(".gone")), Durability::none); }));
  EXPECT_NE(read_file(file)->text(), temporaries.unused_name(".gone"));
}

}  // namespace
}  // namespace neve
