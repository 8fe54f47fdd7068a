#pragma once

#include <chrono>
#include <cstdint>

namespace neve::service {

/// How long a client may be waited for: a transfer may fall behind the slowest rate by `pause`, and no further. Used by
/// one thread.
class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  Pace(std::chrono::milliseconds pause, std::uint64_t slowest_bytes_per_s, Clock::time_point start = Clock::now())
      : pause_(pause), slowest_bytes_per_s_(slowest_bytes_per_s), start_(start) {}

  void add(std::uint64_t bytes) noexcept { bytes_ += bytes; }

  /// What is left to wait for the next byte; zero or less when the client is too slow. Never more than the pause, so
  /// that a fast beginning earns no long silence.
  [[nodiscard]] std::chrono::milliseconds left(Clock::time_point last, Clock::time_point now = Clock::now()) const {
    const std::chrono::milliseconds earned(slowest_bytes_per_s_ == 0 ? 0 : bytes_ * 1000 / slowest_bytes_per_s_);
    const auto of_all = std::chrono::duration_cast<std::chrono::milliseconds>(start_ + pause_ + earned - now);
    const auto of_pause = std::chrono::duration_cast<std::chrono::milliseconds>(last + pause_ - now);
    return of_all < of_pause ? of_all : of_pause;
  }

 private:
  std::chrono::milliseconds pause_;
  std::uint64_t slowest_bytes_per_s_;
  Clock::time_point start_;
  std::uint64_t bytes_ = 0;
};

}  // namespace neve::service
