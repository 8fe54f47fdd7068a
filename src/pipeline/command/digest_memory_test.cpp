#include "pipeline/command/digest_memory.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

using namespace std::chrono_literals;

const InputFile kContent{.sha256 = "abc", .bytes = 3};

TEST(DigestMemory, RecallsADigestWhileTheStampStays) {
  DigestMemory memory;
  const FileStamp stamp{.device = 1, .inode = 2, .size = 3, .modified = 100s, .changed = 100s};
  memory.keep("a", stamp, kContent, 103s);
  EXPECT_EQ(memory.recall("a", stamp), kContent);
  EXPECT_EQ(memory.recall("b", stamp), std::nullopt);
  FileStamp other = stamp;
  other.device = 9;
  EXPECT_EQ(memory.recall("a", other), std::nullopt);
  other = stamp;
  other.changed += 1ns;  // written to, and its time set back
  EXPECT_EQ(memory.recall("a", other), std::nullopt);
}

TEST(DigestMemory, DoesNotTrustAFileThatWasWrittenAMomentBefore) {
  DigestMemory memory;
  const FileStamp stamp{.device = 1, .inode = 2, .size = 3, .modified = 50s, .changed = 100s};
  memory.keep("a", stamp, kContent, 101s);
  EXPECT_EQ(memory.recall("a", stamp), std::nullopt);
}

}  // namespace
}  // namespace neve
