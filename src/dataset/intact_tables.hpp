#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include <neve/base/file_stamp.hpp>
#include <neve/dataset/dataset_store.hpp>

namespace neve::dataset {

/// Which datasets' tables have been read and found to be what was written. Thread-safe.
class IntactTables {
 public:
  /// Throws `corrupt` unless the SHA-256 of `record.normalized` is the record's, and `io`. The file is read once for as
  /// long as its stamp stays.
  void require(const DatasetRecord& record);

 private:
  struct Intact {
    std::string sha256;
    FileStamp stamp;

    friend bool operator==(const Intact&, const Intact&) = default;
  };

  static constexpr std::size_t kMost = 1024;

  std::mutex mutex_;
  std::map<std::string, Intact> intact_;  // by id
};

}  // namespace neve::dataset
