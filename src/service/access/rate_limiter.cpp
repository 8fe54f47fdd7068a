#include "service/access/rate_limiter.hpp"

#include <algorithm>

namespace neve::service {
namespace {

double seconds_between(TimePoint from, TimePoint to) {
  return std::max(0.0, std::chrono::duration<double>(to - from).count());  // a clock may be set back
}

}  // namespace

std::optional<double> RateLimiter::take(const std::string& caller) {
  if (per_s_ <= 0) return std::nullopt;
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= crowd_) forget_full(now);
  Bucket& bucket = buckets_.try_emplace(caller, Bucket{burst_, now}).first->second;
  bucket.tokens = std::min(burst_, bucket.tokens + per_s_ * seconds_between(bucket.filled, now));
  bucket.filled = now;
  if (bucket.tokens < 1) return (1 - bucket.tokens) / per_s_;
  bucket.tokens -= 1;
  return std::nullopt;
}

void RateLimiter::forget_full(TimePoint now) {
  std::erase_if(buckets_, [&](const auto& item) {
    return item.second.tokens + per_s_ * seconds_between(item.second.filled, now) >= burst_;
  });
  crowd_ = std::max<std::size_t>(1024, buckets_.size() * 2);
}

}  // namespace neve::service
