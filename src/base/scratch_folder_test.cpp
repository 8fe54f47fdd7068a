#include <neve/base/scratch_folder.hpp>

#include <gtest/gtest.h>

#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <string_view>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/failing_call.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;

/// As old as what a program that was killed two hours ago has left.
void make_older(const fs::path& folder, std::chrono::hours age = std::chrono::hours(2)) {
  fs::last_write_time(folder / ".neve-scratch", fs::file_time_type::clock::now() - age);
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

/// The name in the last event that tells one.
std::string last_name_of(const FileDescriptor& events) {
  alignas(inotify_event) std::array<char, 4096> bytes{};
  std::string name;
  for (ssize_t count = 0; (count = ::read(events.get(), bytes.data(), bytes.size())) > 0;) {
    for (ssize_t at = 0; at < count;) {
      const auto* event = reinterpret_cast<const inotify_event*>(bytes.data() + at);
      if (event->len > 0) name = event->name;
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
  }
  return name;
}

TEST(ScratchFolder, WhatAKilledProgramHasLeftGoesAwayWithTheNextOne) {
  const TemporaryFolder parent;
  const fs::path left = left_by_a_killed_process(parent.path(), "swept");
  make_older(left);
  const ScratchFolder next(parent.path(), "swept");
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(next.path()));
}

constexpr const char* kAnotherBoot = "11111111-2222-3333-4444-555555555555";

TEST(ScratchFolder, WhatAnotherMachineMayUseWhoseLocksAreNotSeenHereStaysForAMonth) {
  const TemporaryFolder parent;
  const fs::path theirs = left_by_a_killed_process(parent.path(), "shared");
  std::ofstream(theirs / ".neve-scratch") << kAnotherBoot;
  const auto make_another = [&] {
    return in_child([&] {
      fail_system_call(SYS_fstatfs, ENOSYS);  // nobody knows what filesystem this is
      (void)ScratchFolder(parent.path(), "shared");
    });
  };
  make_older(theirs);
  EXPECT_TRUE(make_another());
  EXPECT_TRUE(fs::exists(theirs / "file"));
  make_older(theirs, std::chrono::hours(24 * 31));
  EXPECT_TRUE(make_another());
  EXPECT_FALSE(fs::exists(theirs));
}

TEST(ScratchFolder, WhatAMachineHasLeftOnItsOwnFilesystemGoesAwayAfterItWasStartedAnew) {
  const TemporaryFolder parent;
  const fs::path left = left_by_a_killed_process(parent.path(), "rebooted");
  std::ofstream(left / ".neve-scratch") << kAnotherBoot;
  make_older(left);
  (void)ScratchFolder(parent.path(), "rebooted");
  EXPECT_FALSE(fs::exists(left));
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

TEST(ScratchFolder, AnEmptyFolderOfAProgramThatWasKilledBeforeItsMarkGoesAwayToo) {
  const TemporaryFolder parent;
  const auto two_hours_ago = fs::file_time_type::clock::now() - std::chrono::hours(2);
  const fs::path empty = parent.path() / "neve-early-empty";
  const fs::path full = parent.path() / "neve-early-full";
  const fs::path young = parent.path() / "neve-early-young";
  for (const fs::path& folder : {empty, full, young}) fs::create_directory(folder);
  std::ofstream(full / "file") << "x";
  for (const fs::path& folder : {empty, full}) fs::last_write_time(folder, two_hours_ago);
  const ScratchFolder next(parent.path(), "early");
  EXPECT_FALSE(fs::exists(empty));
  EXPECT_TRUE(fs::exists(full / "file"));
  EXPECT_TRUE(fs::exists(young));
}

TEST(ScratchFolder, GoesAwayWithItsMarkLastSoThatTheRestIsFoundByItAfterAKill) {
  const TemporaryFolder parent;
  const FileDescriptor events(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  {
    const ScratchFolder scratch(parent.path(), "test");
    for (const char* name : {"a", "b", "z"}) std::ofstream(scratch.path() / name) << "x";
    ASSERT_NE(::inotify_add_watch(events.get(), scratch.path().c_str(), IN_DELETE), -1);
  }
  EXPECT_TRUE(fs::is_empty(parent.path()));
  EXPECT_EQ(last_name_of(events), ".neve-scratch");
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
