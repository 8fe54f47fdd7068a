#include "dataset/analysis/artifacts/artifact_limit.hpp"

#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <neve/base/file_lock.hpp>

#include "dataset/analysis/test_store.hpp"

namespace neve::dataset {
namespace {

const std::string kOneRow = "SELECT 'a' AS customer, DATE '2024-01-01' AS date, 1::DECIMAL(18,6) AS revenue";

const std::string kOld(64, 'a');  // as a digest names the folder of a question

DatasetRecord with_artifact(TestStore& store, const std::string& id) {
  DatasetRecord record = store.publish(id, kOneRow);
  std::filesystem::create_directories(record.analyses / kOld);
  std::ofstream(record.analyses / kOld / "document.json") << "much more than one byte";
  return record;
}

TEST(ArtifactLimit, ADatasetThatIsBeingReplacedHoldsUpNoOther) {
  TestStore store;
  const DatasetRecord busy = with_artifact(store, "busy");
  const DatasetRecord other = with_artifact(store, "other");
  ArtifactLimit limit(store.store(), 1);
  std::optional<FileLock> replacing(std::in_place, StoreLayout{store.store().root()}.locks() / "busy");
  auto waiting = std::async(std::launch::async, [&] { limit.written(busy, "new", 1); });
  // It makes a folder for what goes, and then waits for the lock.
  const std::filesystem::path staging = StoreLayout{store.store().root()}.staging();
  const auto has_folder = [&] {
    for (const auto& item : std::filesystem::directory_iterator(staging)) {
      if (item.is_directory()) return true;
    }
    return false;
  };
  while (!has_folder()) std::this_thread::yield();
  limit.written(other, "new", 1);
  EXPECT_FALSE(std::filesystem::exists(other.analyses / kOld));
  limit.written(busy, "newer", 1);
  EXPECT_TRUE(std::filesystem::exists(busy.analyses / kOld)) << "one thread at a time trims a folder";
  replacing.reset();
  waiting.get();
  EXPECT_FALSE(std::filesystem::exists(busy.analyses / kOld));
}

}  // namespace
}  // namespace neve::dataset
