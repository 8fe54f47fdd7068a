#pragma once

#include <cstdint>
#include <optional>

namespace neve {

/// What tells one content of a file from another without reading it. A plain value.
struct EntryFileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 0;  ///< one less once the name has passed to another file
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  /// Of an open file; nothing if it has no name any more.
  [[nodiscard]] static std::optional<EntryFileStamp> of(int fd) noexcept;
  /// Of the regular file that has `name` now; nothing if there is none. Links are not followed.
  [[nodiscard]] static std::optional<EntryFileStamp> at(int root_fd, const char* name) noexcept;

  /// Whether anything that is written to the file from `now_ns` on (see `file_clock_ns`) will change the stamp: the
  /// kernel's clock for files ticks every few milliseconds, and old filesystems keep whole seconds.
  [[nodiscard]] bool tells_from(std::int64_t now_ns) const noexcept;

  friend bool operator==(const EntryFileStamp&, const EntryFileStamp&) = default;
};

/// The time by the clock that files are stamped with, in nanoseconds since 1970.
[[nodiscard]] std::int64_t file_clock_ns() noexcept;

}  // namespace neve
