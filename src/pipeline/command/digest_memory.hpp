#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>

#include <neve/base/file_stamp.hpp>
#include <neve/key/input_file.hpp>

namespace neve {

/// Digests of files, for as long as the files' stamps stay. Thread-safe.
class DigestMemory {
 public:
  [[nodiscard]] std::optional<InputFile> recall(const std::filesystem::path& path, const FileStamp& stamp) const;

  /// What `read`, called after `read_at` (since 1970), finds at `path`; known, if the file has this stamp still, and
  /// then remembered unless it was not settled before. A file that another thread is reading is waited for, until
  /// `stop` is requested. Throws what `read` throws.
  [[nodiscard]] InputFile content(const std::filesystem::path& path, const FileStamp& stamp,
                                  std::chrono::nanoseconds read_at, const std::function<InputFile()>& read,
                                  const std::stop_token& stop = {});

 private:
  struct Known {
    FileStamp stamp;
    InputFile content;
  };

  class Turn;
  [[nodiscard]] std::optional<InputFile> find(const std::filesystem::path& path, const FileStamp& stamp) const;

  mutable std::mutex mutex_;
  std::condition_variable_any read_;
  std::map<std::filesystem::path, Known> known_;
  std::set<std::filesystem::path> being_read_;
};

}  // namespace neve
