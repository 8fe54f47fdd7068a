#include "pipeline/stage/digest_memory.hpp"

#include <semaphore>
#include <thread>

#include <gtest/gtest.h>

#include <neve/base/error.hpp>

namespace neve {
namespace {

using namespace std::chrono_literals;

const InputFile kContent{.sha256 = "abc", .bytes = 3};
const InputFile kOther{.sha256 = "def", .bytes = 3};

std::function<FileReading()> found(const InputFile& content, bool lasts = true) {
  return [=] { return FileReading{content, lasts}; };
}

TEST(DigestMemory, RecallsADigestWhileTheStampStays) {
  DigestMemory memory;
  const FileStamp stamp{.device = 1, .inode = 2, .size = 3, .modified = 100s, .changed = 100s};
  EXPECT_EQ(memory.content("a", stamp, found(kContent)).content, kContent);
  const FileReading again = memory.content("a", stamp, found(kOther));
  EXPECT_EQ(again.content, kContent);
  EXPECT_TRUE(again.lasts);
  EXPECT_EQ(memory.recall("a", stamp), kContent);
  EXPECT_EQ(memory.recall("b", stamp), std::nullopt);
  FileStamp other = stamp;
  other.device = 9;
  EXPECT_EQ(memory.recall("a", other), std::nullopt);
  other = stamp;
  other.changed += 1ns;  // written to, and its time set back
  EXPECT_EQ(memory.recall("a", other), std::nullopt);
}

TEST(DigestMemory, RecallsWhatWasReadSinceAMoment) {
  DigestMemory memory;
  const FileStamp stamp{};
  (void)memory.content("a", stamp, found(kContent));
  const DigestMemory::Moment later = memory.now();
  EXPECT_EQ(memory.recall("a", stamp), kContent);
  EXPECT_EQ(memory.recall("a", stamp, later), std::nullopt);
  EXPECT_EQ(memory.content("a", stamp, found(kOther), {}, later).content, kOther);
  EXPECT_EQ(memory.recall("a", stamp, later), kOther);
}

TEST(DigestMemory, DoesNotGrowForEver) {
  DigestMemory memory(2);
  const FileStamp stamp{.device = 1, .inode = 2, .size = 3, .modified = 100s, .changed = 100s};
  for (const char* name : {"a", "b", "c"}) (void)memory.content(name, stamp, found(kContent));
  EXPECT_EQ(memory.recall("a", stamp), std::nullopt);
  EXPECT_EQ(memory.recall("c", stamp), kContent);
}

TEST(DigestMemory, DoesNotKeepWhatMayNotLast) {
  DigestMemory memory;
  const FileStamp stamp{.device = 1, .inode = 2, .size = 3, .modified = 50s, .changed = 100s};
  const FileReading reading = memory.content("a", stamp, found(kContent, false));
  EXPECT_EQ(reading.content, kContent);
  EXPECT_FALSE(reading.lasts);
  EXPECT_EQ(memory.recall("a", stamp), std::nullopt);
  EXPECT_EQ(memory.content("a", stamp, found(kOther)).content, kOther);
}

class SharedDigestMemoryTest : public testing::Test {
 protected:
  /// Another thread's reading of the same file, in the midst of which this one is.
  std::jthread reader(std::function<FileReading()> read) {
    std::jthread thread([this, read = std::move(read)] {
      try {
        (void)memory_.content("a", stamp_, [&] {
          reading_.release();
          go_on_.acquire();
          return read();
        });
      } catch (const Error&) {  // the reading that fails
      }
    });
    reading_.acquire();
    return thread;
  }

  DigestMemory memory_;
  const FileStamp stamp_{.device = 1, .inode = 2, .size = 3, .modified = 100s, .changed = 100s};
  std::binary_semaphore reading_{0}, go_on_{0};
};

TEST_F(SharedDigestMemoryTest, AFileThatIsBeingReadIsWaitedFor) {
  const std::jthread other = reader(found(kContent));
  const std::jthread releaser([&] {
    std::this_thread::sleep_for(20ms);
    go_on_.release();
  });
  EXPECT_EQ(memory_.content("a", stamp_, found(kOther)).content, kContent);
}

TEST_F(SharedDigestMemoryTest, WhoseReaderFailsIsReadByTheNext) {
  const std::jthread other =
      reader([]() -> FileReading { throw Error(ErrorCode::cancelled, "the run was cancelled"); });
  const std::jthread releaser([&] {
    std::this_thread::sleep_for(20ms);
    go_on_.release();
  });
  EXPECT_EQ(memory_.content("a", stamp_, found(kOther)).content, kOther);
}

TEST_F(SharedDigestMemoryTest, WhoIsToStopDoesNotWait) {
  const std::jthread other = reader(found(kContent));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(memory_.content("a", stamp_, found(kOther), stop.get_token()).content, kOther);
  go_on_.release();
}

}  // namespace
}  // namespace neve
