#pragma once

#include <filesystem>

#include <neve/base/file.hpp>

namespace neve {

/// Holds flock(2) on the file `path`, which is created with its folder if missing; waits for incompatible holders,
/// other threads of this process among them. Released on destruction and on process exit. An object is one thread's.
class FileLock {
 public:
  enum class Sharing { exclusive, shared };

  /// Throws `io`.
  explicit FileLock(const std::filesystem::path& path, Sharing sharing = Sharing::exclusive);

 private:
  FileDescriptor file_;
};

}  // namespace neve
