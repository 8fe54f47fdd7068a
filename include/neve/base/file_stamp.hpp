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

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// The stamp of the file at `path`, links followed; nothing, with `errno` set, if it cannot be had.
[[nodiscard]] std::optional<FileStamp> file_stamp(const std::filesystem::path& path) noexcept;

}  // namespace neve
