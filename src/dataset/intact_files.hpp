#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include <neve/base/file_stamp.hpp>

namespace neve::dataset {

/// Which files have been read and found to be what was written. Thread-safe.
class IntactFiles {
 public:
  explicit IntactFiles(std::size_t most) : most_(most) {}

  /// Whether the SHA-256 of the file is `sha256`; false also if there is none. The file is read once for as long as its
  /// stamp stays and tells of every change. Throws `io`.
  [[nodiscard]] bool holds(const std::filesystem::path& file, const std::string& sha256);

 private:
  struct Intact {
    std::string sha256;
    FileStamp stamp;

    friend bool operator==(const Intact&, const Intact&) = default;
  };

  std::size_t most_;
  std::mutex mutex_;
  std::map<std::string, Intact> intact_;  // by path
};

}  // namespace neve::dataset
