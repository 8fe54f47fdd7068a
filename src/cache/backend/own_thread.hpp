#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <memory>
#include <thread>
#include <utility>

namespace neve {

/// A thread together with the process it runs in. A forked child has a copy of this object and no such thread: there,
/// waiting for it would never end. As thread-safe as a `std::thread`.
class OwnThread {
 public:
  OwnThread() = default;
  template <class Run>
  explicit OwnThread(Run run) : thread_(std::make_unique<std::thread>(std::move(run))), process_(::getpid()) {}
  ~OwnThread() { finish(); }
  OwnThread(OwnThread&&) noexcept = default;
  OwnThread& operator=(OwnThread&& other) noexcept {
    finish();
    thread_ = std::move(other.thread_);
    process_ = other.process_;
    return *this;
  }

  /// False before it is started, after it was finished, and in a process forked since.
  [[nodiscard]] bool here() const noexcept { return thread_ != nullptr && process_ == ::getpid(); }

  /// Whether it was started by the process that this one was forked from. What that thread may have been waiting on or
  /// holding, condition variables above all, can neither be used nor destroyed here.
  [[nodiscard]] bool inherited() const noexcept { return thread_ != nullptr && process_ != ::getpid(); }

  /// Returns when the thread has ended; at once where there is none.
  void finish() noexcept {
    if (inherited()) (void)thread_.release();  // neither can be done to a thread of another process: join or detach
    if (thread_) thread_->join();
    thread_.reset();
  }

 private:
  std::unique_ptr<std::thread> thread_;
  pid_t process_ = 0;
};

}  // namespace neve
