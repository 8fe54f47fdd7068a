#include <neve/base/scratch_folder.hpp>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <string_view>

#include <neve/base/error.hpp>

#include "support/eventually.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;

/// As old as what a program that was killed two hours ago has left.
void make_older(const fs::path& folder) {
  fs::last_write_time(folder / ".neve-scratch", fs::file_time_type::clock::now() - std::chrono::hours(2));
}

fs::path folder_with_a_file(const fs::path& parent, std::string_view purpose) {
  for (const auto& entry : fs::directory_iterator(parent)) {
    const bool of_purpose = entry.path().filename().string().starts_with("neve-" + std::string(purpose) + "-");
    if (of_purpose && fs::exists(entry.path() / "file")) return entry.path();
  }
  return {};
}

/// A process that makes a scratch folder with a file in it and then does nothing more.
class UserOfAFolder {
 public:
  UserOfAFolder(const fs::path& parent, std::string_view purpose) : process_(::fork()) {
    if (process_ == 0) {
      const ScratchFolder scratch(parent, purpose);
      std::ofstream(scratch.path() / "file") << "x";
      for (;;) ::pause();
    }
    EXPECT_TRUE(eventually([&] { return !folder_with_a_file(parent, purpose).empty(); }));
    folder_ = folder_with_a_file(parent, purpose);
  }
  ~UserOfAFolder() { kill(); }
  UserOfAFolder(const UserOfAFolder&) = delete;
  UserOfAFolder& operator=(const UserOfAFolder&) = delete;

  [[nodiscard]] const fs::path& folder() const { return folder_; }
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    (void)::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

 private:
  pid_t process_;
  fs::path folder_;
};

fs::path left_by_a_killed_process(const fs::path& parent, std::string_view purpose) {
  return UserOfAFolder(parent, purpose).folder();
}

TEST(ScratchFolder, WhatAKilledProgramHasLeftGoesAwayWithTheNextOne) {
  const TemporaryFolder parent;
  const fs::path left = left_by_a_killed_process(parent.path(), "swept");
  make_older(left);
  const ScratchFolder next(parent.path(), "swept");
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(next.path()));
}

TEST(ScratchFolder, WhatMayBeInUseOrIsNotItsOwnStays) {
  const TemporaryFolder parent;
  const UserOfAFolder user(parent.path(), "kept");
  make_older(user.folder());
  const fs::path unmarked = parent.path() / "neve-kept-backup";
  fs::create_directory(unmarked);
  const fs::path other = left_by_a_killed_process(parent.path(), "other");
  make_older(other);
  fs::create_directory_symlink(other, parent.path() / "neve-kept-link");
  const ScratchFolder next(parent.path(), "kept");
  EXPECT_TRUE(fs::exists(user.folder() / "file"));
  EXPECT_TRUE(fs::exists(other / "file"));
  EXPECT_TRUE(fs::exists(unmarked));
}

TEST(ScratchFolder, WhatHasJustBeenLeftStays) {
  const TemporaryFolder parent;
  const fs::path left = left_by_a_killed_process(parent.path(), "recent");
  const ScratchFolder next(parent.path(), "recent");
  EXPECT_TRUE(fs::exists(left));
}

TEST(ScratchFolder, GoesAwayWithWhatAProgramMadeReadOnlyInIt) {
  const TemporaryFolder parent;
  {
    const ScratchFolder scratch(parent.path(), "test");
    EXPECT_EQ(fs::status(scratch.path()).permissions(), fs::perms::owner_all);
    fs::create_directories(scratch.path() / "a" / "b");
    std::ofstream(scratch.path() / "a" / "b" / "file") << "x";
    fs::create_symlink("/", scratch.path() / "a" / "root");
    fs::permissions(scratch.path() / "a" / "b", fs::perms::owner_read);
    fs::permissions(scratch.path() / "a", fs::perms::none);
  }
  EXPECT_TRUE(fs::is_empty(parent.path()));
}

TEST(ScratchFolder, HasAPathThatHoldsInEveryFolder) {
  const ScratchFolder scratch(".", "test");
  EXPECT_TRUE(scratch.path().is_absolute());
  EXPECT_THROW((void)ScratchFolder("", "test"), Error);
}

TEST(ScratchFolder, TellsWhereItCannotBeMade) {
  try {
    const ScratchFolder scratch("/proc/none", "test");
    FAIL() << "it was made";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("'/proc/none' (set TMPDIR"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace neve
