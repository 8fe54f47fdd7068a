#pragma once

#include <optional>

#include <neve/base/file.hpp>

#include "cache/disk/files/root_folder.hpp"

namespace neve {

/// The right to clean a folder: one holder at a time among all threads and processes. Where files cannot be locked
/// everybody may, which wastes work but breaks nothing. Given up on destruction, and by the kernel when the process
/// dies.
class CleanerLock {
 public:
  /// Nothing if somebody else is cleaning, or the folder cannot be written. Throws `io` if that cannot be told.
  [[nodiscard]] static std::optional<CleanerLock> try_take(const RootFolder& root);

 private:
  explicit CleanerLock(FileDescriptor fd) : fd_(std::move(fd)) {}

  FileDescriptor fd_;
};

}  // namespace neve
