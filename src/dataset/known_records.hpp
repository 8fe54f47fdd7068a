#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <neve/base/bytes.hpp>
#include <neve/base/clock.hpp>
#include <neve/base/file_stamp.hpp>
#include <neve/dataset/dataset_store.hpp>

namespace neve::dataset {

/// Records read before, by id. dataset.json is looked at each time, read only if it may have changed since, and parsed
/// only if its bytes have, so what is handed out is as fresh as the file. Over a network, where a look may show what
/// was there some seconds ago, it is always read. Thread-safe.
class KnownRecords {
 public:
  /// Its `now` is compared with times of files.
  explicit KnownRecords(const Clock& clock) : clock_(clock) {}

  /// The dataset's record as it stands, null if there is none. Throws as `read_record` does.
  [[nodiscard]] std::shared_ptr<const DatasetRecord> read(const std::filesystem::path& root, std::string_view id);

 private:
  struct Known {
    std::filesystem::path folder;
    std::filesystem::path file;
    std::optional<FileStamp> stamp;  ///< if it tells of every change to the file
    bool read_always = false;        ///< no stamp tells of changes, as over a network
    Bytes text;
    std::shared_ptr<const DatasetRecord> record;
  };

  void look_at(Known& known) const;
  [[nodiscard]] std::shared_ptr<const Known> find(std::string_view id);
  void remember(std::string_view id, std::shared_ptr<const Known> known);

  static constexpr std::size_t kMost = 1024;

  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Known>, std::less<>> known_;
};

}  // namespace neve::dataset
