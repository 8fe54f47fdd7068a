#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include <neve/base/clock.hpp>

namespace neve::service {

/// Lets each caller make so many requests a second, with bursts. Thread-safe.
///
/// Token buckets: a caller has `burst` requests, at least one, to begin with and gains `per_s` of them each second, up
/// to that.
class RateLimiter {
 public:
  /// `per_s` of 0 or less lets everything pass.
  RateLimiter(double per_s, double burst, const Clock& clock)
      : per_s_(per_s), burst_(std::max(burst, 1.0)), clock_(clock) {}

  /// Takes one request of `caller`'s; absent if it may go on, else the seconds after which it may try again.
  [[nodiscard]] std::optional<double> take(const std::string& caller);

 private:
  struct Bucket {
    double tokens;
    TimePoint filled;
  };
  void forget_full(TimePoint now);

  const double per_s_;
  const double burst_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
  std::size_t crowd_ = 1024;  // callers at which the full buckets, which say nothing, are forgotten
};

}  // namespace neve::service
