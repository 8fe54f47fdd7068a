#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace neve {

/// Wall-clock time to the millisecond: what an expiry is stored as.
using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where "now" comes from, so that expiry can be tested without waiting. Implementations are safe from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;

  /// The machine's own clock; lives as long as the process.
  [[nodiscard]] static const Clock& system() noexcept;
};

/// A clock that stands still until it is advanced. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimePoint start) : milliseconds_(start.time_since_epoch().count()) {}

  [[nodiscard]] TimePoint now() const override { return TimePoint(std::chrono::milliseconds(milliseconds_.load())); }
  void advance(std::chrono::milliseconds step) { milliseconds_ += step.count(); }

 private:
  std::atomic<std::int64_t> milliseconds_;
};

/// Seconds since construction or the last `restart`, on the steady clock. Not thread-safe: `restart` and `seconds` do
/// not exclude each other.
class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  void restart() { start_ = std::chrono::steady_clock::now(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace neve
