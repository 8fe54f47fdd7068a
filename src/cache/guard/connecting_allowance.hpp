#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

namespace neve {

/// How many connections may take their time without making their store a slow one: those of a run that begins, and then
/// one a second. A store that has to be connected to for every operation is slow, whoever closes the connections.
/// Thread-safe; safe in a child forked at any moment.
class ConnectingAllowance {
 public:
  using SteadyClock = std::chrono::steady_clock;

  static constexpr int kAtOnce = 64;
  static constexpr SteadyClock::duration kEach = std::chrono::seconds(1);

  /// Whether one more is within it.
  /// Source: the generic cell rate algorithm, ITU-T I.371.
  [[nodiscard]] bool take(SteadyClock::time_point now) noexcept {
    const SteadyClock::rep at = now.time_since_epoch().count();
    SteadyClock::rep earned = earned_at_.load(std::memory_order_relaxed);
    for (;;) {
      const SteadyClock::rep from = std::max(earned, at);
      if (from - at > (kAtOnce - 1) * kEach.count()) return false;
      if (earned_at_.compare_exchange_weak(earned, from + kEach.count(), std::memory_order_relaxed)) return true;
    }
  }

 private:
  std::atomic<SteadyClock::rep> earned_at_{0};  ///< when all that were taken will have been earned
};

}  // namespace neve
