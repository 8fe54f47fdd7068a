#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <optional>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/cache/tiered.hpp>

#include "cache/backend/same_entry.hpp"
#include "cache/backend/store_failure.hpp"
#include "cache/tiers/stale_keys.hpp"
#include "cache/tiers/store_queue.hpp"
#include "cache/tiers/write_watch.hpp"

namespace neve {

/// What a tiered cache counts and remembers beside its tiers. Thread-safe.
struct TieredCache::State {
  explicit State(std::size_t tiers) : hits(tiers), promotions(tiers), stale(tiers) {}

  std::vector<std::atomic<std::uint64_t>> hits;
  std::vector<std::atomic<std::uint64_t>> promotions;
  std::atomic<std::uint64_t> background_stores{0};
  std::atomic<std::uint64_t> queue_full{0};
  std::atomic<std::uint64_t> errors{0};
  WriteWatch writes;
  /// Of each tier the keys that others were given a newer entry of than it has. Not ours to erase there: somebody else
  /// may have stored the same since.
  std::vector<StaleKeys> stale;
};

/// A hit of a farther tier: valid as long as what it refers to.
struct TieredCache::Promotable {
  const Key& key;
  const LookupResult& found;
  const WriteMark& before;  ///< taken before the tier was asked
};

/// Whether `act` went well. A failure of the tier is counted and the first one kept; any other error passes.
template <class Act>
bool TieredCache::attempt(std::exception_ptr& failure, Act act) {
  try {
    act();
    return true;
  } catch (const Error& error) {
    if (!is_failure_of_the_store(error)) throw;
    state_->errors.fetch_add(1, std::memory_order_relaxed);
    if (!failure) failure = std::current_exception();
    return false;
  }
}

}  // namespace neve
