#include "service/api_keys.hpp"

#include <gtest/gtest.h>

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

  void write(const std::string& text) { replace_file(file_, as_byte_span(text), Durability::none); }
};

TEST_F(ApiKeysTest, AKeyIsKnownByItsDigestOnly) {
  const std::string key = KeyFile(file_).add("ci");
  const std::string other = KeyFile(file_).add("grafana");
  EXPECT_NE(key, other);
  EXPECT_EQ(read_file(file_)->text().find(key), std::string_view::npos) << "the key itself is in the file";
  ApiKeys keys(file_, clock_);
  EXPECT_TRUE(keys.required());
  EXPECT_EQ(keys.owner_of(key), "ci");
  EXPECT_EQ(keys.owner_of(other), "grafana");
  EXPECT_EQ(keys.owner_of(key + "x"), std::nullopt);
  EXPECT_EQ(keys.owner_of(""), std::nullopt);
}

TEST_F(ApiKeysTest, ARemovedKeyStopsCountingWithinASecond) {
  const std::string key = KeyFile(file_).add("ci");
  ApiKeys keys(file_, clock_);
  EXPECT_EQ(keys.owner_of(key), "ci");
  write("# none\n");
  std::filesystem::last_write_time(file_, std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(keys.owner_of(key), std::nullopt);
  EXPECT_TRUE(keys.required()) << "who takes the last key away opens the service to everybody";
}

TEST_F(ApiKeysTest, AFileSpoiltLaterChangesNothing) {
  const std::string key = KeyFile(file_).add("ci");
  ApiKeys keys(file_, clock_);
  write("nonsense\n");
  std::filesystem::last_write_time(file_, std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  clock_.advance(std::chrono::seconds(5));
  EXPECT_EQ(keys.owner_of(key), "ci");
}

TEST_F(ApiKeysTest, MistakesAreNamed) {
  write("# fine\r\n\r\nci 12ab\n");
  try {
    ApiKeys keys(file_, clock_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("line 3"), std::string::npos) << error.what();
  }
  write("");
  (void)KeyFile(file_).add("ci");
  EXPECT_THROW((void)KeyFile(file_).add("ci"), Error);
  EXPECT_THROW((void)KeyFile(file_).add("a b"), Error);
}

TEST_F(ApiKeysTest, NoFileIsNoKey) {
  ApiKeys keys(file_, clock_);
  EXPECT_FALSE(keys.required());
}

}  // namespace
}  // namespace neve::service
