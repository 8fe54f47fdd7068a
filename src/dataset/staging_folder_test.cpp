#include "dataset/staging_folder.hpp"

#include <gtest/gtest.h>

#include <sys/syscall.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "support/child_process.hpp"
#include "support/failing_call.hpp"
#include "support/temporary_folder.hpp"

namespace neve::dataset {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAnotherBoot = "11111111-2222-3333-4444-555555555555";

/// What a process that was killed has left.
fs::path left_in(const fs::path& parent) {
  fs::path left;
  {
    const StagingFolder building(parent);
    left = building.path();
    fs::copy(left, parent / "copy", fs::copy_options::recursive);
  }
  fs::rename(parent / "copy", left);
  return left;
}

void make_older(const fs::path& path, std::chrono::hours age) {
  fs::last_write_time(path, fs::file_time_type::clock::now() - age);
}

/// Makes another folder in `parent`, where nobody knows what filesystem that is.
bool build_another(const fs::path& parent) {
  return in_child([&] {
    fail_system_call(SYS_fstatfs, ENOSYS);
    (void)StagingFolder(parent);
  });
}

TEST(StagingFolder, WhatAKilledProcessHasLeftGoesWithTheNextOne) {
  const TemporaryFolder parent;
  const fs::path left = left_in(parent.path());
  ASSERT_TRUE(fs::exists(left / ".building"));
  (void)StagingFolder(parent.path());
  EXPECT_FALSE(fs::exists(left));
}

TEST(StagingFolder, WhatThisMachineLeftOnASharedFilesystemGoesAtOnce) {
  const TemporaryFolder parent;
  const fs::path left = left_in(parent.path());
  EXPECT_TRUE(build_another(parent.path()));
  EXPECT_FALSE(fs::exists(left));
}

TEST(StagingFolder, WhatAnotherMachineMayBeBuildingStaysForADay) {
  const TemporaryFolder parent;
  const fs::path theirs = left_in(parent.path());
  std::ofstream(theirs / ".building") << kAnotherBoot;
  EXPECT_TRUE(build_another(parent.path()));
  EXPECT_TRUE(fs::exists(theirs));
  make_older(theirs / ".building", std::chrono::hours(48));
  EXPECT_TRUE(build_another(parent.path()));
  EXPECT_FALSE(fs::exists(theirs));
}

TEST(StagingFolder, OneThatAnotherMachineHasNotLockedYetStaysForADay) {
  const TemporaryFolder parent;
  const fs::path theirs = left_in(parent.path());
  fs::remove(theirs / ".building");
  EXPECT_TRUE(build_another(parent.path()));
  EXPECT_TRUE(fs::exists(theirs));
  make_older(theirs, std::chrono::hours(48));
  EXPECT_TRUE(build_another(parent.path()));
  EXPECT_FALSE(fs::exists(theirs));
}

}  // namespace
}  // namespace neve::dataset
