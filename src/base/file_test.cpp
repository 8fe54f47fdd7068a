#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <fstream>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/file_lock.hpp>
#include <neve/base/file_stamp.hpp>

#include "support/failing_call.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(ReplaceFile, WritesNewAndReplacesOldWithoutLeftovers) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "report.json";
  for (const Durability durability : {Durability::none, Durability::data, Durability::full}) {
    const std::string text = "text " + std::to_string(static_cast<int>(durability));
    replace_file(path, as_byte_span(text), durability);
    EXPECT_EQ(read_file(path)->text(), text);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(ReplaceFile, FailureKeepsWhatWasThereAndNamesThePath) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "taken";
  fs::create_directories(path / "inside");
  try {
    replace_file(path, as_byte_span("x"), Durability::none);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("taken"), std::string::npos);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(ReplaceFile, WhatTheServerRefusesOnlyAtTheEndIsAFailure) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "report.json";
  replace_file(path, as_byte_span("old"), Durability::none);
  EXPECT_TRUE(in_child([&] {
    fail_system_call(SYS_close, EDQUOT);
    EXPECT_THROW(replace_file(path, as_byte_span("new"), Durability::none), Error);
    require(!testing::Test::HasFailure(), "it was taken for a success");
  }));
  EXPECT_EQ(read_file(path)->text(), "old");
}

TEST(MakeFolders, MakesThoseThatAreMissingAndNothingForABareName) {
  const TemporaryFolder folder;
  make_folders(folder.path() / "a" / "b");
  EXPECT_TRUE(fs::is_directory(folder.path() / "a" / "b"));
  EXPECT_NO_THROW(make_folders(folder.path() / "a" / "b"));
  EXPECT_NO_THROW(make_folders(fs::path("bare").parent_path()));
}

TEST(MakeFolders, AFileInTheWayIsNamed) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "text";
  for (const fs::path& path : {folder.path() / "file", folder.path() / "file" / "a" / "b"}) {
    try {
      make_folders(path);
      FAIL() << path;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::io);
      EXPECT_NE(error.error_number(), 0);
      EXPECT_THAT(error.what(), HasSubstr("'" + path.string() + "'"));
      EXPECT_THAT(error.what(), HasSubstr("'" + (folder.path() / "file").string() + "' is no folder"));
    }
  }
}

TEST(FileLock, MakesItsFolderAndSaysWhyItCannot) {
  const TemporaryFolder folder;
  EXPECT_NO_THROW(FileLock(folder.path() / "a" / "lock"));
  std::ofstream(folder.path() / "file") << "text";
  EXPECT_THROW(FileLock(folder.path() / "file" / "lock"), Error);
}

TEST(FileLock, OneHolderOrManyThatShare) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "lock";
  const FileDescriptor other(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  const auto may_hold = [&](int operation) {
    const bool held = ::flock(other.get(), operation | LOCK_NB) == 0;
    if (held) ::flock(other.get(), LOCK_UN);
    return held;
  };
  {
    const FileLock lock(path);
    EXPECT_FALSE(may_hold(LOCK_SH));
  }
  {
    const FileLock lock(path, FileLock::Sharing::shared);
    EXPECT_TRUE(may_hold(LOCK_SH));
    EXPECT_FALSE(may_hold(LOCK_EX));
  }
  EXPECT_TRUE(may_hold(LOCK_EX));
}

TEST(ReadFile, AbsentIsNotAnErrorButTooLargeIs) {
  const TemporaryFolder folder;
  EXPECT_FALSE(read_file(folder.path() / "absent"));
  std::ofstream(folder.path() / "four") << "four";
  EXPECT_EQ(read_file(folder.path() / "four", 4)->text(), "four");
  EXPECT_THROW((void)read_file(folder.path() / "four", 3), Error);
  EXPECT_THROW((void)read_file(folder.path()), Error) << "a folder is not a file";
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_THROW((void)read_file(folder.path() / "pipe"), Error) << "nor is a pipe, and nobody waits for its other end";
}

TEST(OpenRegularFile, SaysWhatIsThereInstead) {
  const TemporaryFolder folder;
  const auto kind_of = [&](const char* name, int flags) {
    try {
      const FileDescriptor file = open_regular_file(folder.path() / name, flags);
      return std::string(file.valid() ? "a file" : "nothing");
    } catch (const NotARegularFile& error) {
      return std::string(error.kind());
    }
  };
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  std::filesystem::create_directory(folder.path() / "folder");
  for (const int flags : {O_RDONLY, O_WRONLY, O_RDWR, O_RDWR | O_CREAT}) {
    EXPECT_EQ(kind_of("pipe", flags), "a pipe") << flags;
    EXPECT_EQ(kind_of("folder", flags), "a folder") << flags;
  }
  EXPECT_EQ(kind_of("missing", O_RDONLY), "nothing");
  EXPECT_EQ(kind_of("made", O_RDWR | O_CREAT), "a file");
}

TEST(MapFile, MappingOutlivesReplacementOfTheFile) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a";
  replace_file(path, as_byte_span("first"), Durability::none);
  Bytes mapped;
  {
    const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    mapped = map_file(fd.get(), 5, path.string());
  }
  replace_file(path, as_byte_span("other"), Durability::none);
  EXPECT_EQ(mapped.text(), "first");
}

TEST(FileStamp, TellsTheTimeAnybodyCanSetFromTheOneNobodyCan) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a";
  std::ofstream(path) << "one";
  std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(5));
  const auto before = file_stamp(path);
  ASSERT_TRUE(before);
  EXPECT_EQ(file_stamp(path), before);
  EXPECT_LT(before->modified, before->changed);
  EXPECT_EQ(file_stamp(folder.path() / "b"), std::nullopt);
}

TEST(FileStamp, AnOpenFileTellsThatItsNameHasPassedToAnother) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a";
  replace_file(path, as_byte_span("one"), Durability::none);
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const auto before = file_stamp(file.get());
  ASSERT_TRUE(before);
  EXPECT_EQ(before, file_stamp(path));
  replace_file(path, as_byte_span("two"), Durability::none);
  EXPECT_NE(file_stamp(file.get()), before);
  EXPECT_NE(file_stamp(path), before);
}

TEST(FileStamp, ByNameInAFolderLinksAreNotFollowed) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "a") << "one";
  std::filesystem::create_symlink("a", folder.path() / "link");
  const FileDescriptor root(::open(folder.path().c_str(), O_PATH | O_CLOEXEC));
  EXPECT_EQ(file_stamp_at(root.get(), "a"), file_stamp(folder.path() / "link"));
  EXPECT_NE(file_stamp_at(root.get(), "link"), file_stamp_at(root.get(), "a"));
}

TEST(FileStamp, TellsOnlyOnceTheClockOfFilesHasMovedOn) {
  using std::chrono::milliseconds;
  const FileStamp fine{.modified = milliseconds(7001), .changed = milliseconds(9001)};
  EXPECT_FALSE(fine.settled_locally_before(milliseconds(8000)));  // changed after that
  EXPECT_FALSE(fine.settled_locally_before(milliseconds(9011)));
  EXPECT_TRUE(fine.settled_locally_before(milliseconds(9101)));
  EXPECT_FALSE(fine.settled_before(milliseconds(9101)));
  const FileStamp whole_seconds{.modified = milliseconds(7000), .changed = milliseconds(9000)};
  EXPECT_FALSE(whole_seconds.settled_locally_before(milliseconds(10'000)));
  EXPECT_TRUE(whole_seconds.settled_locally_before(milliseconds(11'000)));
}

}  // namespace
}  // namespace neve
