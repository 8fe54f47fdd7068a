#include "cache/disk/entry_file_stamp.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>

#include <neve/base/file.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1000 * kMillisecond;

TEST(EntryFileStamp, TellsOnlyOnceTheClockOfFilesHasMovedOn) {
  EntryFileStamp stamp;
  stamp.modified_ns = 7 * kSecond + 1;
  stamp.changed_ns = 9 * kSecond + 1;
  EXPECT_FALSE(stamp.tells_from(stamp.changed_ns));
  EXPECT_FALSE(stamp.tells_from(stamp.changed_ns + 10 * kMillisecond));
  EXPECT_TRUE(stamp.tells_from(stamp.changed_ns + 100 * kMillisecond));
  EXPECT_FALSE(stamp.tells_from(8 * kSecond));  // changed after that
}

TEST(EntryFileStamp, WholeSecondsMayBeAllThatAFilesystemKeeps) {
  EntryFileStamp stamp;
  stamp.changed_ns = 9 * kSecond;
  EXPECT_FALSE(stamp.tells_from(stamp.changed_ns + kSecond));
  EXPECT_TRUE(stamp.tells_from(stamp.changed_ns + 3 * kSecond));
}

TEST(EntryFileStamp, AnOpenFileWithoutANameHasNone) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "file";
  replace_file(path, as_byte_span("content"), Durability::none);
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const FileDescriptor root(::open(folder.path().c_str(), O_PATH | O_CLOEXEC));
  ASSERT_TRUE(EntryFileStamp::of(fd.get()));
  EXPECT_EQ(EntryFileStamp::of(fd.get()), EntryFileStamp::at(root.get(), "file"));
  std::filesystem::remove(path);
  EXPECT_FALSE(EntryFileStamp::of(fd.get()));
  EXPECT_FALSE(EntryFileStamp::at(root.get(), "file"));
}

TEST(EntryFileStamp, LinksAreNotFollowed) {
  const TemporaryFolder folder;
  replace_file(folder.path() / "file", as_byte_span("content"), Durability::none);
  std::filesystem::create_symlink("file", folder.path() / "link");
  const FileDescriptor root(::open(folder.path().c_str(), O_PATH | O_CLOEXEC));
  EXPECT_FALSE(EntryFileStamp::at(root.get(), "link"));
}

}  // namespace
}  // namespace neve
