#include "dataset/intact_files.hpp"

#include <chrono>
#include <fstream>

#include <gtest/gtest.h>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>

#include "support/temporary_folder.hpp"

namespace neve::dataset {
namespace {

using std::filesystem::last_write_time;

/// A file that has long been as it is, so that what was found in it may be remembered.
std::filesystem::path settled_file(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
  const std::filesystem::path file = folder.path() / name;
  std::ofstream(file) << text;
  last_write_time(file, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  return file;
}

TEST(IntactFiles, HoldWhatTheirDigestSaysAndNothingElse) {
  const TemporaryFolder folder;
  const std::filesystem::path file = settled_file(folder, "a", "abc");
  IntactFiles files(10);
  EXPECT_TRUE(files.holds(file, sha256_hex("abc")));
  EXPECT_TRUE(files.holds(file, sha256_hex("abc")));
  EXPECT_FALSE(files.holds(file, sha256_hex("abd"))) << "another digest is asked for";
  EXPECT_TRUE(files.holds(file, sha256_hex("abc")));
  EXPECT_FALSE(files.holds(folder.path() / "none", sha256_hex("")));
}

TEST(IntactFiles, AChangeIsNoticedWhateverWasFoundBefore) {
  const TemporaryFolder folder;
  const std::filesystem::path file = settled_file(folder, "a", "abc");
  IntactFiles files(10);
  ASSERT_TRUE(files.holds(file, sha256_hex("abc")));
  std::ofstream(file, std::ios::in | std::ios::out) << "abd";  // in place, of the same length
  EXPECT_FALSE(files.holds(file, sha256_hex("abc")));
  EXPECT_TRUE(files.holds(file, sha256_hex("abd")));
  settled_file(folder, "other", "abx");
  std::filesystem::rename(folder.path() / "other", file);
  EXPECT_FALSE(files.holds(file, sha256_hex("abd")));
  std::filesystem::remove(file);
  EXPECT_FALSE(files.holds(file, sha256_hex("abx")));
}

TEST(IntactFiles, MoreThanAreRememberedAreJudgedAllTheSame) {
  const TemporaryFolder folder;
  IntactFiles files(2);
  for (int round = 0; round < 2; ++round) {
    for (const char* name : {"a", "b", "c"}) {
      EXPECT_TRUE(files.holds(settled_file(folder, name, name), sha256_hex(std::string_view(name)))) << name;
    }
  }
}

TEST(IntactFiles, AFileThatCannotBeReachedIsAnErrorAndNotDamage) {
  const TemporaryFolder folder;
  const std::filesystem::path file = settled_file(folder, "a", "abc");
  IntactFiles files(10);
  try {
    static_cast<void>(files.holds(file / "below", sha256_hex("abc")));
    FAIL() << "a file is no folder";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
  }
}

}  // namespace
}  // namespace neve::dataset
