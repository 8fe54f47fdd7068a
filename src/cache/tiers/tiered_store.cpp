// Stores into a chain of tiers: at once, in the background, or under a lease.
#include <algorithm>
#include <exception>
#include <utility>

#include <neve/cache/flight.hpp>

#include "cache/tiers/tiered_state.hpp"

namespace neve {
namespace {

std::ptrdiff_t writable_tiers(const std::vector<Tier>& tiers) {
  return std::count_if(tiers.begin(), tiers.end(),
                       [](const Tier& tier) { return tier.access == TierAccess::read_write; });
}

}  // namespace

StoreResult TieredCache::store(const Key& key, const Entry& entry, const StoreOptions& options) {
  const WriteWatch::Write under_way(state_->writes, key);
  StoreResult result = store_where_due(key, entry, options);
  if (result.stored) mark_read_only_stale(key);
  return result;
}

/// A tier that is not written to misses every store and every erase: what it has of the key is older.
void TieredCache::mark_read_only_stale(const Key& key) {
  for (std::size_t t = 0; t < tiers_.size(); ++t) {
    if (tiers_[t].access == TierAccess::read_only) state_->stale[t].add(key);
  }
}

StoreResult TieredCache::store_where_due(const Key& key, const Entry& entry, const StoreOptions& options) {
  const std::size_t nearest = nearest_writable();
  if (!queue_ || writable_tiers(tiers_) < 2)
    return options.lease_token.empty() ? store_from(0, key, entry, options) : store_fenced(0, key, entry, options);
  const CancelledStores older = cancel_queued(key);  // it must not arrive after this one
  StoreOptions queued = options;
  if (!queued.lease) queued.lease = older.lease;  // those who wait for it find this one, once it is there
  StoreResult result;
  std::exception_ptr failure;
  (void)attempt(failure, [&] { result = store_in(nearest, key, entry, options); });
  if (result.fenced) return result;
  state_->writes.begin(key);  // until it has arrived: what farther tiers have meanwhile is older than what we gave
  if (queue_->push(key, entry, queued, result.stored)) {
    state_->background_stores.fetch_add(1, std::memory_order_relaxed);
    if (!result.stored) result = {true, 0, {}};
    return result;
  }
  state_->writes.end(key);
  state_->queue_full.fetch_add(1, std::memory_order_relaxed);
  return together(std::move(result), store_behind_nearest(key, entry, options), options);
}

/// What a store in the nearest tier and one in all others come to.
StoreResult TieredCache::together(StoreResult nearest, StoreResult others, const StoreOptions& options) const {
  if (!nearest.stored || others.fenced) return others;
  const bool others_find_it = (others.stored && !others.unshared) || where_others_look() == nearest_writable();
  nearest.unshared = !options.lease_token.empty() && !others_find_it;
  return nearest;
}

/// On the queue's thread. Nobody waits for the store itself; of one under a lease, those who want the same.
void TieredCache::store_queued(const QueuedStore& queued, FlightLease* lease) {
  StoreResult nearest;
  nearest.stored = queued.nearest_has_it;
  StoreResult others;
  try {
    others = store_behind_nearest(queued.key, queued.entry, queued.options);
  } catch (const std::exception&) {  // this thread must not end the program
    state_->errors.fetch_add(1, std::memory_order_relaxed);
  }
  state_->writes.end(queued.key);
  if (lease == nullptr) return;
  const auto unkept = unkept_for(together(std::move(nearest), std::move(others), queued.options));
  if (unkept) lease->say_unkept(*unkept);
}

/// What was waiting; what is on its way has arrived when this returns.
CancelledStores TieredCache::cancel_queued(const Key& key) {
  CancelledStores cancelled = queue_->cancel(key);
  for (std::size_t i = 0; i < cancelled.count; ++i) state_->writes.end(key);
  return cancelled;
}

/// Stores in one tier. Where a disk takes the new entry no more, the old one must not hide that which a farther tier
/// has taken; where a tier cannot be asked, what it has does not count until it has been stored to again.
StoreResult TieredCache::store_in(std::size_t tier, const Key& key, const Entry& entry, const StoreOptions& options) {
  StaleKeys& stale = state_->stale[tier];
  try {
    StoreResult result = tiers_[tier].cache->store(key, entry, options);
    if (result.stored) stale.remove(key);
    if (!result.reached) stale.add(key);
    return result;
  } catch (const Error& error) {
    std::exception_ptr ignored;
    if (error.code() == ErrorCode::io) (void)attempt(ignored, [&] { (void)tiers_[tier].cache->erase(key); });
    if (is_failure_of_the_store(error)) stale.add(key);
    throw;
  }
}

/// Stores in every writable tier from `first` on. What the nearest one that took it says counts.
StoreResult TieredCache::store_from(std::size_t first, const Key& key, const Entry& entry,
                                    const StoreOptions& options) {
  StoreResult result;
  std::exception_ptr failure;
  for (std::size_t t = first; t < tiers_.size(); ++t) {
    if (tiers_[t].access == TierAccess::read_only) continue;
    StoreResult here;
    if (!attempt(failure, [&] { here = store_in(t, key, entry, options); }) || result.stored) continue;
    if (here.stored || result.declined.empty()) result = std::move(here);
  }
  if (result.stored || !result.declined.empty()) return result;
  if (failure) std::rethrow_exception(failure);
  result.declined = "no tier may be written to";
  return result;
}

/// What the nearest tier has already. Where a farther one says that the lease has lapsed, the nearest must not keep
/// what somebody else's result has overtaken.
StoreResult TieredCache::store_behind_nearest(const Key& key, const Entry& entry, const StoreOptions& options) {
  const std::size_t nearest = nearest_writable();
  if (options.lease_token.empty()) return store_from(nearest + 1, key, entry, options);
  StoreResult result = store_fenced(nearest + 1, key, entry, options);
  std::exception_ptr ignored;
  if (result.fenced && !attempt(ignored, [&] { (void)tiers_[nearest].cache->erase(key); })) {
    state_->stale[nearest].add(key);
  }
  return result;
}

/// The farthest tier first: one that knows the lease says there whether it has lapsed, and then no nearer tier may have
/// what somebody else's result has overtaken. Where others look may be nearer: a folder behind a server is this host's.
StoreResult TieredCache::store_fenced(std::size_t first, const Key& key, const Entry& entry,
                                      const StoreOptions& options) {
  StoreResult result;
  const std::size_t others_look_in = where_others_look();
  bool others_find_it = others_look_in < first || others_look_in == tiers_.size();
  std::exception_ptr failure;
  for (std::size_t t = tiers_.size(); t-- > first;) {
    if (tiers_[t].access == TierAccess::read_only) continue;
    StoreResult here;
    const bool asked = attempt(failure, [&] { here = store_in(t, key, entry, options); });
    if (here.fenced) return here;
    if (t == others_look_in) others_find_it = here.stored;
    if (asked && (here.stored || !result.stored)) result = std::move(here);
  }
  result.unshared = result.stored && !others_find_it;
  if (result.stored || !result.declined.empty()) return result;
  if (failure) std::rethrow_exception(failure);
  result.declined = "no tier may be written to";
  return result;
}

}  // namespace neve
