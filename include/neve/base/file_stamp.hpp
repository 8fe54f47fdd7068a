#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace neve {

/// What the file system says about a file and changes whenever somebody writes to it. A plain value.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::chrono::nanoseconds modified{};  ///< since 1970; anybody can set it back
  std::chrono::nanoseconds changed{};   ///< since 1970; nobody can

  /// Whether the file was last written so long before `time` (since 1970) that a further write after `time` must leave
  /// another stamp: file systems keep time in steps, of up to two seconds.
  [[nodiscard]] bool settled_before(std::chrono::nanoseconds time) const noexcept;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// The stamp of the file at `path`, links followed; nothing, with `errno` set, if it cannot be had.
[[nodiscard]] std::optional<FileStamp> file_stamp(const std::filesystem::path& path) noexcept;

}  // namespace neve
