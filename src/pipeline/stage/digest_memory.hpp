#pragma once

#include <condition_variable>
#include <cstddef>
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

#include "pipeline/stage/declared_file.hpp"

namespace neve {

/// Digests of files, for as long as the files' stamps stay. Beyond `most` it forgets them all and begins anew: a
/// process that runs a pipeline for weeks may see other files every day. Thread-safe.
class DigestMemory {
 public:
  explicit DigestMemory(std::size_t most = 500'000) : most_(most) {}

  /// The one that all stages of this process share, a forked child's its own. Lives forever.
  [[nodiscard]] static DigestMemory& of_process();

  /// A point in the order of what is read. Writing through a memory mapping may leave a stamp as it is, so a reader
  /// trusts only what was read since a moment of its own.
  using Moment = std::uint64_t;
  [[nodiscard]] Moment now() const;

  /// What was read with this stamp, in a reading begun after `since`.
  [[nodiscard]] std::optional<InputFile> recall(const std::filesystem::path& path, const FileStamp& stamp,
                                                Moment since = 0) const;

  /// The content of the file at `path`: what `recall` gives, or what `read` finds, which is remembered if it lasts. A
  /// file that another thread is reading is waited for, until `stop` is requested. Throws what `read` throws.
  [[nodiscard]] FileReading content(const std::filesystem::path& path, const FileStamp& stamp,
                                    const std::function<FileReading()>& read, const std::stop_token& stop = {},
                                    Moment since = 0);

 private:
  struct Known {
    FileStamp stamp;
    InputFile content;
    Moment begun;
  };

  class Turn;
  [[nodiscard]] std::optional<InputFile> find(const std::filesystem::path& path, const FileStamp& stamp,
                                              Moment since) const;

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable_any read_;
  std::map<std::filesystem::path, Known> known_;
  std::set<std::filesystem::path> being_read_;
  Moment readings_ = 0;  ///< begun so far
};

}  // namespace neve
