#pragma once

#include <cstdint>

#include <neve/base/clock.hpp>

namespace neve {

/// What is known about an entry when somebody must decide which entry goes first.
struct RetentionFacts {
  double compute_s = 0;  ///< seconds its computation took; 0 if unknown
  std::uint64_t hits = 0;
  std::uint64_t bytes = 0;
  TimePoint last_used;
};

/// How much an entry is worth keeping: the binary logarithm of the seconds it saves per byte, halved for every three
/// days it was not used. The lowest goes first. See docs/decisions/eviction-by-value.md.
///
/// The score of an entry does not change until it is used again: all entries age at the same rate, so the common factor
/// "now" is left out. That is what lets an ordered set, and tables shared between processes, keep it.
[[nodiscard]] double retention_score(const RetentionFacts& facts) noexcept;

}  // namespace neve
