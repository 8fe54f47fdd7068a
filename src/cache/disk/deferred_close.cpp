#include "cache/disk/deferred_close.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <utility>

namespace neve {
namespace {

constexpr std::size_t kMostWaiting = 64;

/// Threads started while this lives get no signals: those belong to the program's own threads.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

DeferredClose::~DeferredClose() {
  if (thread_ && owner_ == ::getpid()) {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_->join();
  } else if (thread_) {
    (void)thread_.release();  // the parent's; this process has only a copy of its handle
  }
}

FileDescriptor DeferredClose::hold(int root_fd, const char* name) noexcept {
  return FileDescriptor(::openat(root_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
}

void DeferredClose::release(FileDescriptor held) noexcept {
  if (!held.valid()) return;
  try {
    if (!enqueue(held)) held.close();
  } catch (...) {
    held.close();  // no thread or no memory: the caller waits for the disk instead
  }
}

bool DeferredClose::unlink(int root_fd, const char* name) noexcept {
  FileDescriptor held = hold(root_fd, name);
  const bool removed = ::unlinkat(root_fd, name, 0) == 0;
  if (removed) release(std::move(held));
  return removed;
}

bool DeferredClose::enqueue(FileDescriptor& held) {
  const std::lock_guard lock(mutex_);
  if (!thread_) {
    const SignalsBlocked blocked;
    thread_ = std::make_unique<std::thread>([this] { run(); });
    owner_ = ::getpid();
  }
  if (owner_ != ::getpid() || waiting_.size() >= kMostWaiting) return false;
  waiting_.push_back(std::move(held));
  changed_.notify_all();
  return true;
}

void DeferredClose::drain() {
  std::unique_lock lock(mutex_);
  if (!thread_ || owner_ != ::getpid()) return;
  changed_.wait(lock, [this] { return waiting_.empty() && closing_ == 0; });
}

void DeferredClose::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::vector<FileDescriptor> closing = std::exchange(waiting_, {});
    closing_ = closing.size();
    lock.unlock();
    closing.clear();
    lock.lock();
    closing_ = 0;
    changed_.notify_all();
  }
}

}  // namespace neve
