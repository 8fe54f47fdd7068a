#pragma once

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace neve::service {

/// Which of the workers wait on the sockets: a few, and the rest stand by. The kernel wakes somebody for every event,
/// and of many who wait it wakes one after the other, while those at work could go on with the next event and no change
/// of threads. There is somebody who waits as long as anybody is free, however long the others take. Thread-safe.
class PollSeats {
 public:
  explicit PollSeats(unsigned most) : most_(std::max(1U, most)) {}

  /// Returns when the calling thread is one of those who wait, or after `close`.
  void take() {
    std::unique_lock lock(mutex_);
    if (taken_ < most_) {
      ++taken_;
      return;
    }
    ++standing_by_;
    called_.wait(lock, [this] { return calls_ > 0 || closed_; });
    --standing_by_;
    if (calls_ > 0) --calls_;
  }

  /// Of who got an event: the last one to leave has another take its seat.
  void leave() {
    const std::lock_guard lock(mutex_);
    if (closed_ || --taken_ > 0 || standing_by_ <= calls_) return;
    ++taken_;
    ++calls_;
    called_.notify_one();
  }

  /// Nobody stands by any more.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    called_.notify_all();
  }

 private:
  const unsigned most_;
  std::mutex mutex_;
  std::condition_variable called_;
  unsigned taken_ = 0;  ///< also by those who were called and have not come yet
  unsigned standing_by_ = 0;
  unsigned calls_ = 0;
  bool closed_ = false;
};

}  // namespace neve::service
