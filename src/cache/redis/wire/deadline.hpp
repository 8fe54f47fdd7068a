#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace neve::redis {

/// When an operation must be over. Grows with the payloads it moves, so that a large entry on a slow link is not
/// mistaken for a server that hangs: for what is sent beforehand, for what is received as it arrives, because what a
/// server only announces may never come. A plain value.
class Deadline {
 public:
  using SteadyClock = std::chrono::steady_clock;

  /// `rate` is in bytes per second.
  Deadline(std::chrono::milliseconds base, std::uint64_t rate)
      : base_(base),
        sending_until_(SteadyClock::now()),
        at_(sending_until_ + base),
        stalls_at_(SteadyClock::time_point::max()),
        rate_(rate) {}

  /// Allows the time that `bytes` more may take that are to be sent.
  void allow(std::uint64_t bytes) {
    sending_until_ += time_for(bytes);
    at_ += time_for(bytes);
  }

  /// The same for `bytes` that have arrived. However much that was, a pause may not be longer than a few times the
  /// base: as long as a lost packet takes to be sent again. It begins when what was to be sent may have arrived, too: a
  /// server answers MULTI before the payload behind it is there, and the kernel has much that is not on its way yet.
  void received(std::uint64_t bytes) {
    at_ += time_for(bytes);
    stalls_at_ = std::max(SteadyClock::now(), sending_until_) + kLongestPause * base_;
  }

  /// What was to be sent is on its way: from now on the other side has at least half of the base, however long it took
  /// until this thread came to it.
  void sent() { at_ = std::max(at_, SteadyClock::now() + base_ / 2); }

  /// Not negative.
  [[nodiscard]] std::chrono::microseconds remaining() const {
    const auto end = std::min(at_, stalls_at_);
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(end - SteadyClock::now());
    return left.count() > 0 ? left : std::chrono::microseconds(0);
  }

 private:
  static constexpr int kLongestPause = 5;

  [[nodiscard]] std::chrono::microseconds time_for(std::uint64_t bytes) const {
    return std::chrono::microseconds(
        static_cast<std::int64_t>(1e6 * static_cast<double>(bytes) / static_cast<double>(rate_)));
  }

  std::chrono::milliseconds base_;
  SteadyClock::time_point sending_until_;
  SteadyClock::time_point at_;
  SteadyClock::time_point stalls_at_;
  std::uint64_t rate_;
};

}  // namespace neve::redis
