#pragma once

#include <chrono>
#include <cstdint>

namespace neve::redis {

/// When an operation must be over. Grows with the payloads it turns out to move, so that a large entry on a slow link
/// is not mistaken for a server that hangs. A plain value.
class Deadline {
 public:
  using SteadyClock = std::chrono::steady_clock;

  /// `rate` is in bytes per second.
  Deadline(std::chrono::milliseconds base, std::uint64_t rate) : at_(SteadyClock::now() + base), rate_(rate) {}

  /// Allows the time that `bytes` more may take.
  void allow(std::uint64_t bytes) {
    at_ += std::chrono::microseconds(
        static_cast<std::int64_t>(1e6 * static_cast<double>(bytes) / static_cast<double>(rate_)));
  }

  /// Not negative.
  [[nodiscard]] std::chrono::microseconds remaining() const {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(at_ - SteadyClock::now());
    return left.count() > 0 ? left : std::chrono::microseconds(0);
  }

 private:
  SteadyClock::time_point at_;
  std::uint64_t rate_;
};

}  // namespace neve::redis
