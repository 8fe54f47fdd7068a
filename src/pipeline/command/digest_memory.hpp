#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include <neve/base/file_stamp.hpp>
#include <neve/key/input_file.hpp>

namespace neve {

/// Digests of files, for as long as the files' stamps stay. Thread-safe.
class DigestMemory {
 public:
  [[nodiscard]] std::optional<InputFile> recall(const std::filesystem::path& path, const FileStamp& stamp) const;

  /// Remembers what was read after `read_at` (since 1970), unless the file was not settled before.
  void keep(const std::filesystem::path& path, const FileStamp& stamp, const InputFile& content,
            std::chrono::nanoseconds read_at);

 private:
  struct Known {
    FileStamp stamp;
    InputFile content;
  };

  mutable std::mutex mutex_;
  std::map<std::filesystem::path, Known> known_;
};

}  // namespace neve
