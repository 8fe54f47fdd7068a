#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include <neve/cache/statistics.hpp>

namespace neve {

/// Counts durations in buckets that grow geometrically, four to an octave, from a nanosecond to minutes. Thread-safe;
/// recording is a few relaxed additions.
class LatencyHistogram {
 public:
  void record(double seconds) noexcept;
  [[nodiscard]] LatencySummary summary() const;

 private:
  static constexpr std::size_t kBuckets = 4 * 40;

  [[nodiscard]] static std::size_t bucket_of(std::uint64_t nanoseconds) noexcept;
  [[nodiscard]] static double upper_bound_s(std::size_t bucket) noexcept;

  std::array<std::atomic<std::uint64_t>, kBuckets> counts_{};
  std::atomic<std::uint64_t> total_ns_{0};
  std::atomic<std::uint64_t> max_ns_{0};
};

}  // namespace neve
