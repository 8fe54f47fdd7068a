#include "cache/disk/files/deferred_close.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

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

struct DeferredClose::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<FileDescriptor> waiting;
  std::size_t closing = 0;
  bool stopping = false;
  std::thread thread;  ///< started by the first release

  void run();
};

DeferredClose::DeferredClose() : state_(std::make_unique<State>()) {}

DeferredClose::~DeferredClose() {
  if (forked()) {
    (void)state_.release();  // a lock or a wait of the thread that is not here would never end
    return;
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

bool DeferredClose::forked() const noexcept {
  const pid_t owner = owner_.load(std::memory_order_relaxed);
  return owner != 0 && owner != ::getpid();
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
  if (forked()) return false;
  const std::lock_guard lock(state_->mutex);
  if (!state_->thread.joinable()) {
    const SignalsBlocked blocked;
    state_->thread = std::thread([state = state_.get()] { state->run(); });
    owner_ = ::getpid();
  }
  if (state_->waiting.size() >= kMostWaiting) return false;
  state_->waiting.push_back(std::move(held));
  state_->changed.notify_all();
  return true;
}

bool DeferredClose::drain() {
  if (forked()) return false;
  std::unique_lock lock(state_->mutex);
  const auto idle = [this] { return state_->waiting.empty() && state_->closing == 0; };
  if (idle()) return false;
  state_->changed.wait(lock, idle);
  return true;
}

void DeferredClose::State::run() {
  std::unique_lock lock(mutex);
  for (;;) {
    changed.wait(lock, [this] { return stopping || !waiting.empty(); });
    if (waiting.empty()) return;
    std::vector<FileDescriptor> dead = std::exchange(waiting, {});
    closing = dead.size();
    lock.unlock();
    dead.clear();
    lock.lock();
    closing = 0;
    changed.notify_all();
  }
}

}  // namespace neve
