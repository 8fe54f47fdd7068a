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
  std::uint64_t links = 0;              ///< one less once the name has passed to another file
  std::uint64_t size = 0;               ///< in bytes
  std::chrono::nanoseconds modified{};  ///< since 1970; anybody can set it back
  std::chrono::nanoseconds changed{};   ///< since 1970; nobody can

  /// Whether the file was last written so long before `time` (since 1970) that a further write after `time` must leave
  /// another stamp: file systems keep time in steps, of up to two seconds.
  [[nodiscard]] bool settled_before(std::chrono::nanoseconds time) const noexcept;

  /// The same for a local file system, whose clock is this machine's: its times have a resolution of milliseconds,
  /// unless `changed` is a whole second.
  [[nodiscard]] bool settled_locally_before(std::chrono::nanoseconds time) const noexcept;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// The stamp of the file at `path`, links followed; nothing, with `errno` set, if it cannot be had.
[[nodiscard]] std::optional<FileStamp> file_stamp(const std::filesystem::path& path) noexcept;
/// Of the open file `fd`, whatever its name is by now.
[[nodiscard]] std::optional<FileStamp> file_stamp(int fd) noexcept;
/// Of what has `name` in the open folder, links not followed.
[[nodiscard]] std::optional<FileStamp> file_stamp_at(int folder_fd, const char* name) noexcept;

}  // namespace neve
