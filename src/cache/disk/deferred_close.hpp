#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <sys/types.h>

#include <neve/base/file.hpp>

namespace neve {

/// Closes descriptors of removed and replaced files on a thread of its own.
///
/// Freeing a file's blocks costs about a millisecond and more with its size, and the kernel does it when the last
/// reference goes. Holding an O_PATH descriptor over unlink or rename makes that moment the close, which happens here.
/// At most 64 wait; beyond that the caller closes its own, so that dead files cannot fill the disk. Everything is
/// closed before destruction ends. Thread-safe.
class DeferredClose {
 public:
  DeferredClose() = default;
  ~DeferredClose();
  DeferredClose(const DeferredClose&) = delete;
  DeferredClose& operator=(const DeferredClose&) = delete;

  /// A reference to `name` below `root_fd` that keeps its blocks; invalid if there is no such file.
  [[nodiscard]] static FileDescriptor hold(int root_fd, const char* name) noexcept;

  /// Takes over a held file whose name is gone. Ignores an invalid one.
  void release(FileDescriptor held) noexcept;

  /// Removes `name`; false if it was not there.
  bool unlink(int root_fd, const char* name) noexcept;

  /// Returns when everything released so far is closed.
  void drain();

 private:
  [[nodiscard]] bool enqueue(FileDescriptor& held);
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<FileDescriptor> waiting_;
  std::size_t closing_ = 0;
  bool stopping_ = false;
  std::unique_ptr<std::thread> thread_;  ///< started by the first release
  pid_t owner_ = 0;                      ///< a forked child has no such thread
};

}  // namespace neve
