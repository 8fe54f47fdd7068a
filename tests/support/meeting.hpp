#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace neve {

/// Where threads wait until all of them have come, which shows that none waits for another's end. Thread-safe.
class Meeting {
 public:
  explicit Meeting(int threads) : missing_(threads) {}

  /// Whether all came within 20 seconds.
  [[nodiscard]] bool attend() {
    std::unique_lock lock(mutex_);
    --missing_;
    changed_.notify_all();
    return changed_.wait_for(lock, std::chrono::seconds(20), [this] { return missing_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int missing_;
};

}  // namespace neve
