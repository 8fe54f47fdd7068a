#include "service/access/api_keys.hpp"

#include <array>
#include <vector>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

#include "support/temporary_folder.hpp"

namespace neve::service {
namespace {

class ApiKeysTest : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "keys";
  ManualClock clock_{TimePoint(std::chrono::seconds(1000))};
  std::vector<std::string> log_;
  const ApiKeys::Log tell_ = [this](std::string_view level, const std::string& text) {
    log_.push_back(std::string(level) + ": " + text);
  };

  void write(const std::string& text) { replace_file(file_, as_byte_span(text), Durability::none); }
};

TEST_F(ApiKeysTest, AKeyIsKnownByItsDigestOnly) {
  const std::string key = KeyFile(file_).add("ci");
  const std::string other = KeyFile(file_).add("grafana");
  EXPECT_NE(key, other);
  EXPECT_EQ(read_file(file_)->text().find(key), std::string_view::npos) << "the key itself is in the file";
  ApiKeys keys(file_, clock_, {});
  EXPECT_TRUE(keys.required());
  EXPECT_EQ(keys.owner_of(key), "ci");
  EXPECT_EQ(keys.owner_of(other), "grafana");
  EXPECT_EQ(keys.owner_of(key + "x"), std::nullopt);
  EXPECT_EQ(keys.owner_of(""), std::nullopt);
}

TEST_F(ApiKeysTest, ARemovedKeyStopsCountingWithinASecond) {
  const std::string key = KeyFile(file_).add("ci");
  ApiKeys keys(file_, clock_, {});
  EXPECT_EQ(keys.owner_of(key), "ci");
  write("# none\n");
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(keys.owner_of(key), std::nullopt);
  EXPECT_TRUE(keys.required()) << "who takes the last key away opens the service to everybody";
}

TEST_F(ApiKeysTest, AClockThatIsSetBackLetsNoRemovedKeyCountOn) {
  const std::string key = KeyFile(file_).add("ci");
  ManualClock clock(Clock::system().now());
  ApiKeys keys(file_, clock, {});
  EXPECT_EQ(keys.owner_of(key), "ci");
  clock.advance(-std::chrono::hours(1));
  write("# none\n");
  EXPECT_EQ(keys.owner_of(key), std::nullopt);
}

TEST_F(ApiKeysTest, AFilePutInItsPlaceWithTheSameTimeOfWritingCounts) {
  const std::string key = KeyFile(file_).add("ci");
  const auto written = std::filesystem::last_write_time(file_);
  ManualClock clock(Clock::system().now() + std::chrono::hours(1));  // both were written long ago
  ApiKeys keys(file_, clock, {});
  EXPECT_EQ(keys.owner_of(key), "ci");
  write("# none\n");
  std::filesystem::last_write_time(file_, written);  // as cp -p and rsync -t do
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(keys.owner_of(key), std::nullopt);
}

TEST_F(ApiKeysTest, AFileSpoiltLaterChangesNothingAndIsTold) {
  const std::string key = KeyFile(file_).add("ci");
  ApiKeys keys(file_, clock_, tell_);
  write("nonsense\n");  // in place of the key: whoever withdraws it must not take it for withdrawn
  for (int i = 0; i < 3; ++i) {
    clock_.advance(std::chrono::seconds(5));
    EXPECT_EQ(keys.owner_of(key), "ci");
  }
  ASSERT_EQ(log_.size(), 1U) << "once";
  EXPECT_NE(log_[0].find("error: line 1 of the key file"), std::string::npos) << log_[0];
  EXPECT_NE(log_[0].find("removed since"), std::string::npos) << log_[0];
  write("# none\n");
  clock_.advance(std::chrono::seconds(5));
  EXPECT_EQ(keys.owner_of(key), std::nullopt);
  ASSERT_EQ(log_.size(), 2U);
  EXPECT_TRUE(log_[1].starts_with("info: ")) << log_[1];
}

TEST_F(ApiKeysTest, MistakesAreNamed) {
  write("# fine\r\n\r\nci 12ab\n");
  try {
    ApiKeys keys(file_, clock_, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("line 3"), std::string::npos) << error.what();
  }
  write("");
  (void)KeyFile(file_).add("ci");
  EXPECT_THROW((void)KeyFile(file_).add("ci"), Error);
  EXPECT_THROW((void)KeyFile(file_).add("a b"), Error);
}

TEST_F(ApiKeysTest, KeysAddedByManyProcessesAtOnceAreAllKept) {
  constexpr int kProcesses = 8;
  constexpr int kEach = 5;
  std::array<int, 2> start{};
  ASSERT_EQ(::pipe(start.data()), 0);
  std::vector<pid_t> children;
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      char none = 0;
      ::close(start[1]);
      (void)!::read(start[0], &none, 1);  // until every process is there
      try {
        for (int i = 0; i < kEach; ++i)
          (void)KeyFile(file_).add("process" + std::to_string(process) + "-" + std::to_string(i));
      } catch (const Error&) {
        ::_exit(1);
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  ::close(start[0]);
  ::close(start[1]);
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(KeyFile(file_).read().size(), std::size_t{kProcesses} * kEach);
}

TEST_F(ApiKeysTest, NoFileIsNoKey) {
  ApiKeys keys(file_, clock_, {});
  EXPECT_FALSE(keys.required());
}

}  // namespace
}  // namespace neve::service
