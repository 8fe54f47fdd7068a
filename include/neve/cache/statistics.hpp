#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <neve/cache/backend.hpp>
#include <neve/codec/json.hpp>

namespace neve {

/// How many operations took at most so long. A plain value.
struct LatencyBucket {
  double up_to_s = 0;
  std::uint64_t count = 0;  ///< cumulative: those of the shorter buckets are in it
};

/// How long one kind of operation took. Quantiles are the upper bounds of buckets that are at most 25 % wide.
struct LatencySummary {
  std::uint64_t count = 0;
  double total_s = 0;
  double max_s = 0;
  double p50_s = 0;
  double p90_s = 0;
  double p99_s = 0;
  std::vector<LatencyBucket> buckets;  ///< always the same bounds: 1.024 us, and on by factors of four to 17 s

  [[nodiscard]] double mean_s() const { return count == 0 ? 0 : total_s / static_cast<double>(count); }
  [[nodiscard]] Json to_json() const;
};

/// What a cache was asked and what came of it, since it was opened. A plain value; numbers that belong together may be
/// a few operations apart when other threads were at work while it was taken.
struct CacheStatistics {
  std::string backend;
  std::uint64_t hits = 0;
  std::array<std::uint64_t, kMissReasons> misses_by_reason{};  ///< indexed by MissReason
  std::uint64_t stores = 0;
  std::uint64_t declined = 0;  ///< stores the backend decided against, other than promotions that came too late
  std::uint64_t erased = 0;
  std::uint64_t errors = 0;      ///< operations that failed; such a lookup is also a miss with reason `unavailable`
  std::uint64_t bytes_read = 0;  ///< by hits
  std::uint64_t bytes_written = 0;
  double saved_s = 0;  ///< seconds of computation that hits made unnecessary, as far as they are known
  LatencySummary hit;
  LatencySummary miss;
  LatencySummary store;
  std::string last_error;     ///< empty if there was none
  std::string last_declined;  ///< why a store was decided against; empty if none was

  [[nodiscard]] std::uint64_t misses() const;
  [[nodiscard]] std::uint64_t lookups() const { return hits + misses(); }
  [[nodiscard]] std::uint64_t misses_for(MissReason reason) const {
    return misses_by_reason[static_cast<std::size_t>(reason)];
  }

  /// All of the above by name; reasons that never occurred are left out.
  [[nodiscard]] Json to_json() const;
};

}  // namespace neve
