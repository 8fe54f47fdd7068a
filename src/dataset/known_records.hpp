#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <neve/base/bytes.hpp>
#include <neve/dataset/dataset_store.hpp>

namespace neve::dataset {

/// Records read before, by id. dataset.json is read each time, and parsed only if its bytes are others than last time,
/// so what is handed out is as fresh as the file. Thread-safe.
class KnownRecords {
 public:
  /// The dataset's record as it stands, null if there is none. Throws as `read_record` does.
  [[nodiscard]] std::shared_ptr<const DatasetRecord> read(const std::filesystem::path& root, std::string_view id);

 private:
  struct Known {
    std::filesystem::path folder;
    std::filesystem::path file;
    Bytes text;
    std::shared_ptr<const DatasetRecord> record;
  };

  [[nodiscard]] std::shared_ptr<const Known> find(std::string_view id);
  void remember(std::string_view id, std::shared_ptr<const Known> known);

  static constexpr std::size_t kMost = 1024;

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Known>, std::less<>> known_;
};

}  // namespace neve::dataset
