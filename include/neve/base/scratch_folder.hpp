#pragma once

#include <filesystem>
#include <string_view>

#include <neve/base/file.hpp>

namespace neve {

/// A fresh folder of a name nobody can guess, for this user only; it goes away with everything in it, also what a
/// program has made read-only there. Used by one thread.
///
/// What a program that was killed has left of the same purpose, in the same place and for the same user, goes away when
/// another program makes its first one there an hour or more later; locks (flock) tell it from what is in use. On a
/// filesystem that machines may share, what another one has left, or this one before it was started anew, stays for
/// thirty days: its locks may not be seen here.
class ScratchFolder {
 public:
  /// Makes `neve-{purpose}-XXXXXX` in `parent`. Throws `io`, and `invalid_argument` if `parent` is empty.
  ScratchFolder(const std::filesystem::path& parent, std::string_view purpose);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  /// Absolute, whatever `parent` was: programs are started in other folders.
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  FileDescriptor in_use_;  ///< a file in it, locked
};

}  // namespace neve
