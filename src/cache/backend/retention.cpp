#include "cache/backend/retention.hpp"

#include <algorithm>
#include <cmath>

namespace neve {
namespace {

/// Stands in for an unknown cost: what a stage worth caching at all might take.
constexpr double kNeutralSeconds = 1.0;
/// A cost of microseconds is mostly noise, and keeps the logarithm finite.
constexpr double kLeastSeconds = 1e-6;
/// What an entry occupies besides its bytes: directory entries, inodes, the rest of its last blocks.
constexpr double kOverheadBytes = 4096;
constexpr double kHalfLifeMs = 3.0 * 24 * 3600 * 1000;

}  // namespace

double retention_score(const RetentionFacts& facts) noexcept {
  const bool known = std::isfinite(facts.compute_s) && facts.compute_s > 0;
  const double seconds = known ? std::max(facts.compute_s, kLeastSeconds) : kNeutralSeconds;
  const double uses = 1.0 + static_cast<double>(facts.hits);
  const double bytes = static_cast<double>(facts.bytes) + kOverheadBytes;
  return std::log2(seconds * uses / bytes) +
         static_cast<double>(facts.last_used.time_since_epoch().count()) / kHalfLifeMs;
}

}  // namespace neve
