#include "cache/observed/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace neve {
namespace {

// Nanoseconds, as powers of two: the bounds that a summary names.
constexpr std::size_t kFirstBound = 10;
constexpr std::size_t kLastBound = 34;

}  // namespace

void LatencyHistogram::record(double seconds) noexcept {
  const auto nanoseconds = static_cast<std::uint64_t>(std::max(seconds, 0.0) * 1e9);
  counts_[bucket_of(nanoseconds)].fetch_add(1, std::memory_order_relaxed);
  total_ns_.fetch_add(nanoseconds, std::memory_order_relaxed);
  std::uint64_t seen = max_ns_.load(std::memory_order_relaxed);
  while (seen < nanoseconds && !max_ns_.compare_exchange_weak(seen, nanoseconds, std::memory_order_relaxed)) {
  }
}

LatencySummary LatencyHistogram::summary() const {
  std::array<std::uint64_t, kBuckets> counts{};
  for (std::size_t i = 0; i < kBuckets; ++i) counts[i] = counts_[i].load(std::memory_order_relaxed);
  LatencySummary summary;
  summary.count = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  summary.total_s = static_cast<double>(total_ns_.load(std::memory_order_relaxed)) * 1e-9;
  summary.max_s = static_cast<double>(max_ns_.load(std::memory_order_relaxed)) * 1e-9;
  const auto quantile = [&](double q) {
    const double wanted = q * static_cast<double>(summary.count);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < kBuckets; ++i) {
      below += counts[i];
      if (static_cast<double>(below) >= wanted && below != 0) return std::min(upper_bound_s(i), summary.max_s);
    }
    return 0.0;
  };
  summary.p50_s = quantile(0.5);
  summary.p90_s = quantile(0.9);
  summary.p99_s = quantile(0.99);
  std::uint64_t below = 0;
  std::size_t bucket = 0;
  for (std::size_t exponent = kFirstBound; exponent <= kLastBound; exponent += 2) {
    for (const std::size_t end = (exponent - 2) * 4; bucket < end; ++bucket) below += counts[bucket];
    summary.buckets.push_back({static_cast<double>(std::uint64_t{1} << exponent) * 1e-9, below});
  }
  return summary;
}

// The bucket is the exponent and the two bits after the leading one.
std::size_t LatencyHistogram::bucket_of(std::uint64_t nanoseconds) noexcept {
  const std::uint64_t n = std::max<std::uint64_t>(nanoseconds, 4);
  const auto exponent = static_cast<std::size_t>(std::bit_width(n)) - 1;
  const std::size_t quarter = (n >> (exponent - 2)) & 3U;
  return std::min((exponent - 2) * 4 + quarter, kBuckets - 1);
}

double LatencyHistogram::upper_bound_s(std::size_t bucket) noexcept {
  const std::size_t exponent = bucket / 4 + 2;
  const auto mantissa = static_cast<double>(4 + bucket % 4 + 1);
  return mantissa * static_cast<double>(std::uint64_t{1} << (exponent - 2)) * 1e-9;
}

}  // namespace neve
