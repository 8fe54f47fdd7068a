#pragma once

#include <cstdint>

namespace neve {

/// A file as the kernel knows it, whatever its name. Meaningful while the file is held open.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  /// Of an open file; of no file at all if that fails.
  [[nodiscard]] static FileIdentity of(int fd) noexcept;
  /// Of what has `name` now.
  [[nodiscard]] static FileIdentity at(int root_fd, const char* name) noexcept;
  /// The same without following a link: of the link itself.
  [[nodiscard]] static FileIdentity of_name(int root_fd, const char* name) noexcept;

  [[nodiscard]] bool exists() const noexcept { return inode != 0; }
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// Renames the file `name` to `new_name` if it is still `expected`; false, with everything as it was, if another file
/// has taken the name. Both are relative to the root. The caller holds the expected file open.
bool move_exactly(int root_fd, const char* name, const FileIdentity& expected, const char* new_name) noexcept;
/// The same into another folder, `new_name` being relative to that.
bool move_exactly(int root_fd, const char* name, const FileIdentity& expected, int new_fd,
                  const char* new_name) noexcept;

/// Renames the file `name` to `new_name` unless there is a file of that name, whatever the filesystem can do; false,
/// with everything as it was, if there is one or the renaming fails. Both are relative to the root.
bool move_unless_taken(int root_fd, const char* name, const char* new_name) noexcept;

/// Gives the file `moved` the name `name` again; if another file has it, that one is newer and `moved` is removed.
void move_back(int root_fd, const char* moved, const char* name) noexcept;
/// The same out of another folder, `moved` being relative to that.
void move_back(int moved_fd, const char* moved, int root_fd, const char* name) noexcept;

}  // namespace neve
