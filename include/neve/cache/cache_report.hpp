#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <neve/cache/guarded.hpp>
#include <neve/cache/observed.hpp>
#include <neve/cache/statistics.hpp>
#include <neve/codec/json.hpp>

namespace neve {

/// What one tier of a cache was asked since it was opened. A plain value.
struct TierReport {
  CacheStatistics statistics;            ///< `statistics.backend` is the tier's name
  std::uint64_t promotions = 0;          ///< entries copied into this tier because a farther one had them
  std::optional<GuardStatistics> guard;  ///< of a tier that may be away: breaker, outages, errors by kind

  /// Operations that failed, by kind (`timeout`, `OOM`); those of an unguarded tier are all under `failed`.
  [[nodiscard]] std::map<std::string, std::uint64_t> errors_by_kind() const;
  [[nodiscard]] Json to_json() const;
};

/// What an opened cache did: as a whole, and tier by tier, nearest first. A plain value.
struct CacheReport {
  CacheStatistics whole;
  std::vector<TierReport> tiers;  ///< one for a cache that is no chain
  std::uint64_t background_stores = 0;
  std::uint64_t queue_full = 0;  ///< background stores that had to be done at once

  /// From a cache that `open_cache` opened, or any decorated in the same way. May be called at any time, from any
  /// thread.
  [[nodiscard]] static CacheReport of(const Observed& cache);

  /// Documented in docs/guide/command-line.md.
  [[nodiscard]] Json to_json() const;
};

}  // namespace neve
