#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>

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
  DeferredClose();
  ~DeferredClose();
  DeferredClose(const DeferredClose&) = delete;
  DeferredClose& operator=(const DeferredClose&) = delete;

  /// A reference to `name` below `root_fd` that keeps its blocks; invalid if there is no such file.
  [[nodiscard]] static FileDescriptor hold(int root_fd, const char* name) noexcept;

  /// Takes over a held file whose name is gone. Ignores an invalid one.
  void release(FileDescriptor held) noexcept;

  /// Removes `name`; false if it was not there.
  bool unlink(int root_fd, const char* name) noexcept;

  /// Returns when everything released so far is closed; true if that took waiting.
  bool drain();

 private:
  struct State;

  /// Whether this is a forked copy of an object whose thread runs in another process only.
  [[nodiscard]] bool forked() const noexcept;
  [[nodiscard]] bool enqueue(FileDescriptor& held);

  std::unique_ptr<State> state_;
  std::atomic<pid_t> owner_{0};  ///< the process that has the thread; 0 before it is started
};

}  // namespace neve
