#pragma once

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>

#include <neve/base/file_stamp.hpp>
#include <neve/key/input_file.hpp>

#include "pipeline/stage/declared_file.hpp"

namespace neve {

/// Digests of files, for as long as the files' stamps stay. Beyond `most` it forgets them all and begins anew: a
/// process that runs a pipeline for weeks may see other files every day. Thread-safe.
class DigestMemory {
 public:
  explicit DigestMemory(std::size_t most = 500'000) : most_(most) {}

  /// The one that all stages of this process share, a forked child's its own. Lives forever.
  [[nodiscard]] static DigestMemory& of_process();

  [[nodiscard]] std::optional<InputFile> recall(const std::filesystem::path& path, const FileStamp& stamp) const;

  /// The content of the file at `path`: what is remembered, if that was read with this stamp, or what `read` finds,
  /// which is remembered if it lasts. A file that another thread is reading is waited for, until `stop` is requested.
  /// Throws what `read` throws.
  [[nodiscard]] FileReading content(const std::filesystem::path& path, const FileStamp& stamp,
                                    const std::function<FileReading()>& read, const std::stop_token& stop = {});

 private:
  struct Known {
    FileStamp stamp;
    InputFile content;
  };

  class Turn;
  [[nodiscard]] std::optional<InputFile> find(const std::filesystem::path& path, const FileStamp& stamp) const;

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable_any read_;
  std::map<std::filesystem::path, Known> known_;
  std::set<std::filesystem::path> being_read_;
};

}  // namespace neve
