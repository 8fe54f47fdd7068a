#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include <neve/key/input_file.hpp>

namespace neve {

/// What the file system says about a file and changes whenever somebody writes to it. A plain value.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::chrono::nanoseconds modified{};  ///< since 1970; anybody can set it back
  std::chrono::nanoseconds changed{};   ///< since 1970; nobody can

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// The stamp of the file at `path`, links followed; nothing, with `errno` set, if it cannot be had.
[[nodiscard]] std::optional<FileStamp> file_stamp(const std::filesystem::path& path) noexcept;

/// Digests of files, for as long as the files' stamps stay. Thread-safe.
class DigestMemory {
 public:
  [[nodiscard]] std::optional<InputFile> recall(const std::filesystem::path& path, const FileStamp& stamp) const;

  /// Remembers what was read after `read_at` (since 1970), unless the file had been written so shortly before that a
  /// further write might have left the same stamp: file systems keep time in steps, of up to two seconds.
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
