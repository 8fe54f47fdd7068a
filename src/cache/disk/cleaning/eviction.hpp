#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include <neve/base/clock.hpp>

#include "cache/disk/ledger/ledger.hpp"

namespace neve {

/// How much a folder may hold.
struct Budget {
  std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t entries = std::numeric_limits<std::uint64_t>::max();

  [[nodiscard]] bool allows(const Ledger::Totals& totals) const noexcept {
    return totals.bytes <= bytes && totals.entries <= entries;
  }
  /// A sixteenth less, so that not every store has to clean.
  [[nodiscard]] Budget with_slack() const noexcept { return {bytes - bytes / 16, entries - entries / 16}; }
};

[[nodiscard]] inline bool has_expired(const LedgerFacts& facts, TimePoint now) {
  return facts.expires_at && *facts.expires_at <= now;
}

/// Indices of up to `count` records in the order in which they should go: what has expired, then what is least worth
/// keeping.
[[nodiscard]] std::vector<std::size_t> eviction_order(const std::vector<LedgerRecord>& records, std::size_t count,
                                                      TimePoint now);

}  // namespace neve
