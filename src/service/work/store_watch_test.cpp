#include "service/work/store_watch.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <neve/dataset/analysis/analysis_cache.hpp>

#include "service/exchange/problem.hpp"
#include "support/temporary_folder.hpp"

namespace neve::service {
namespace {

class StoreWatchTest : public testing::Test {
 protected:
  [[nodiscard]] StoreWatch watch() {
    return {root_, [this](std::string_view level, const std::string&) { levels_.emplace_back(level); }};
  }

  const TemporaryFolder folder_;
  const std::filesystem::path root_ = folder_.path() / "storage";
  std::vector<std::string> levels_;
};

TEST_F(StoreWatchTest, AStoreThatIsMovedAwayIsMissedUntilItIsBack) {
  static_cast<void>(dataset::store_secret(root_));
  StoreWatch watch = this->watch();
  EXPECT_TRUE(watch.is_there());
  std::filesystem::rename(root_, folder_.path() / "elsewhere");
  EXPECT_FALSE(watch.is_there());
  std::filesystem::create_directory(root_);
  EXPECT_FALSE(watch.is_there()) << "an empty folder in its place";
  static_cast<void>(dataset::store_secret(root_));
  EXPECT_FALSE(watch.is_there()) << "another store in its place";
  std::filesystem::remove_all(root_);
  std::filesystem::rename(folder_.path() / "elsewhere", root_);
  EXPECT_TRUE(watch.is_there());
  EXPECT_EQ(levels_, (std::vector<std::string>{"error", "info"})) << "told once each";
}

TEST_F(StoreWatchTest, RequestsForAStoreThatIsAwayAreToldToComeAgain) {
  static_cast<void>(dataset::store_secret(root_));
  StoreWatch watch = this->watch();
  EXPECT_NO_THROW(watch.require());
  std::filesystem::remove_all(root_);
  try {
    watch.require();
    FAIL() << "there is no store";
  } catch (const ProblemError& error) {
    EXPECT_EQ(error.problem().kind, ProblemKind::unavailable);
  }
}

TEST_F(StoreWatchTest, OfAStoreWithoutASecretItsFolderIsLookedFor) {
  std::filesystem::create_directory(root_);
  StoreWatch watch = this->watch();
  EXPECT_TRUE(watch.is_there());
  std::filesystem::remove(root_);
  EXPECT_FALSE(watch.is_there());
}

TEST_F(StoreWatchTest, AStoreThatIsYetToBeMadeIsThere) {
  StoreWatch watch = this->watch();
  EXPECT_TRUE(watch.is_there());
  std::filesystem::create_directory(root_);
  EXPECT_TRUE(watch.is_there());
}

}  // namespace
}  // namespace neve::service
