#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <neve/base/file.hpp>

namespace neve {

/// Reads the names in a folder in the order the filesystem keeps them, a buffer at a time, from wherever one stopped.
/// Works on a descriptor of its own. Not thread-safe.
class DirectoryReader {
 public:
  /// Of the folder `name` below `root_fd`. Where there is none, or a link instead, or it cannot be read, it appears
  /// empty: what is found there is removed.
  DirectoryReader(int root_fd, const char* name);

  /// Continues where another reader was at its `position()`. A position is a hint: after changes to the folder, on some
  /// filesystems, names may be skipped or seen twice.
  void seek(std::uint64_t position) noexcept;

  /// The next name, without `.` and `..`, valid until the next call; nothing at the end.
  [[nodiscard]] std::optional<std::string_view> next();

  /// Of the folder, invalid where it appears empty.
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  /// Just behind the last name.
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }

 private:
  [[nodiscard]] bool fill();

  FileDescriptor fd_;
  alignas(8) std::array<std::byte, 32768> buffer_;
  std::size_t filled_ = 0;
  std::size_t used_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace neve
