#pragma once

#include <filesystem>

#include <neve/base/file.hpp>

namespace neve {

/// A kernel lock on the file `path`, which is made if needed; waits for other holders, if shared for exclusive ones
/// only. Freed at the end, also of the process. Excludes the threads of a process as well; an object is one thread's.
class FileLock {
 public:
  enum class Sharing { exclusive, shared };

  /// Throws `io`.
  explicit FileLock(const std::filesystem::path& path, Sharing sharing = Sharing::exclusive);

 private:
  FileDescriptor file_;
};

}  // namespace neve
