#include <neve/cache/tiered.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <numeric>
#include <utility>

#include <neve/base/error.hpp>

#include "cache/key_set.hpp"
#include "cache/store_failure.hpp"
#include "cache/store_queue.hpp"
#include "cache/write_watch.hpp"

namespace neve {
namespace {

std::string joined_names(const std::vector<Tier>& tiers) {
  if (tiers.empty()) throw Error(ErrorCode::invalid_argument, "a tiered cache needs at least one tier");
  std::string name;
  for (const Tier& tier : tiers) name += (name.empty() ? "" : "+") + std::string(tier.cache->name());
  return name;
}

void mark_stale(KeySet& stale, const Key& key) {
  constexpr std::size_t kMostStale = 100'000;  // some 20 MB; what comes after is not remembered
  if (stale.size() < kMostStale) stale.add(key);
}

}  // namespace

struct TieredCache::Counters {
  explicit Counters(std::size_t tiers) : hits(tiers), promotions(tiers), stale(tiers) {}

  std::vector<std::atomic<std::uint64_t>> hits;
  std::vector<std::atomic<std::uint64_t>> promotions;
  std::atomic<std::uint64_t> background_stores{0};
  std::atomic<std::uint64_t> queue_full{0};
  std::atomic<std::uint64_t> errors{0};
  WriteWatch writes;
  /// Of each tier the keys that others were given a newer entry of than it has. Not ours to erase there: somebody else
  /// may have stored the same since.
  std::vector<KeySet> stale;
};

TieredCache::TieredCache(std::vector<Tier> tiers, const TieredOptions& options)
    : tiers_(std::move(tiers)),
      name_(joined_names(tiers_)),
      options_(options),
      counters_(std::make_unique<Counters>(tiers_.size())) {
  if (options_.writes == TierWrites::through) return;
  const auto store = [this](const Key& key, const Entry& entry, const StoreOptions& store_options) {
    try {
      (void)store_from(nearest_writable() + 1, key, entry, store_options);
    } catch (const std::exception&) {  // nobody waits for it, and its thread must not end the program
      counters_->errors.fetch_add(1, std::memory_order_relaxed);
    }
    counters_->writes.end(key);
  };
  queue_ = std::make_unique<StoreQueue>(options_.queue_entries, options_.queue_bytes, store);
}

TieredCache::~TieredCache() = default;

/// Whether `act` went well. A failure of the tier is counted and the first one kept; any other error passes.
template <class Act>
bool TieredCache::attempt(std::exception_ptr& failure, Act act) {
  try {
    act();
    return true;
  } catch (const Error& error) {
    if (!is_failure_of_the_store(error)) throw;
    counters_->errors.fetch_add(1, std::memory_order_relaxed);
    if (!failure) failure = std::current_exception();
    return false;
  }
}

std::size_t TieredCache::nearest_writable() const noexcept {
  const auto found = std::find_if(tiers_.begin(), tiers_.end(),
                                  [](const Tier& tier) { return tier.access == TierAccess::read_write; });
  return static_cast<std::size_t>(found - tiers_.begin());
}

/// What will be promoted is read into memory of its own: a nearer tier that keeps a file's mapping would go on serving
/// as verified what somebody writes into that file later.
LookupOptions TieredCache::options_for(std::size_t tier, LookupOptions options) const noexcept {
  if (tier > nearest_writable()) options.placement = Placement::owned;
  return options;
}

LookupResult TieredCache::lookup(const Key& key, const LookupOptions& options) {
  LookupResult result;
  std::exception_ptr failure;
  std::size_t answered = 0;
  const WriteMark before = counters_->writes.mark(key);
  for (std::size_t t = 0; t < tiers_.size() && !result.hit(); ++t) {
    if (std::optional<LookupResult> queued = find_queued(t, key)) return *std::move(queued);
    LookupResult found;
    const bool asked = !counters_->stale[t].contains(key);
    if (asked && !attempt(failure, [&] { found = tiers_[t].cache->lookup(key, options_for(t, options)); })) continue;
    ++answered;
    settle(t, key, std::move(found), before, result);
  }
  if (answered == 0) std::rethrow_exception(failure);
  return result;
}

std::vector<LookupResult> TieredCache::lookup_many(std::span<const Key> keys, const LookupOptions& options) {
  std::vector<LookupResult> results(keys.size());
  std::vector<std::size_t> missing(keys.size());
  std::iota(missing.begin(), missing.end(), std::size_t{0});
  std::exception_ptr failure;
  std::size_t answered = 0;
  for (std::size_t t = 0; t < tiers_.size() && !missing.empty(); ++t) {
    if (attempt(failure, [&] { missing = ask(t, keys, options, missing, results); })) ++answered;
  }
  if (answered == 0 && failure) std::rethrow_exception(failure);
  return results;
}

/// Asks one tier for the keys at the positions `missing`; returns those it does not have, either.
std::vector<std::size_t> TieredCache::ask(std::size_t tier, std::span<const Key> keys, const LookupOptions& options,
                                          const std::vector<std::size_t>& missing, std::vector<LookupResult>& results) {
  std::vector<Key> wanted;
  std::vector<std::size_t> places;
  std::vector<WriteMark> before;
  std::vector<std::size_t> still_missing;
  wanted.reserve(missing.size());
  for (const std::size_t i : missing) {
    const WriteMark mark = counters_->writes.mark(keys[i]);
    if (std::optional<LookupResult> queued = find_queued(tier, keys[i])) {
      results[i] = *std::move(queued);
    } else if (counters_->stale[tier].contains(keys[i])) {
      still_missing.push_back(i);
    } else {
      wanted.push_back(keys[i]);
      places.push_back(i);
      before.push_back(mark);
    }
  }
  if (wanted.empty()) return still_missing;
  std::vector<LookupResult> found = tiers_[tier].cache->lookup_many(wanted, options_for(tier, options));
  for (std::size_t j = 0; j < found.size(); ++j) {
    settle(tier, wanted[j], std::move(found[j]), before[j], results[places[j]]);
    if (!results[places[j]].hit()) still_missing.push_back(places[j]);
  }
  return still_missing;
}

/// Takes one tier's answer into account: a hit is promoted; of the misses the first that says more than "absent"
/// counts.
void TieredCache::settle(std::size_t tier, const Key& key, LookupResult found, const WriteMark& before,
                         LookupResult& result) {
  if (!found.hit()) {
    if (result.reason == MissReason::absent) result = std::move(found);
    return;
  }
  result = std::move(found);
  counters_->hits[tier].fetch_add(1, std::memory_order_relaxed);
  if (tier > 0) promote(key, result, tier, before);
}

/// What somebody stores or erases while we read the old entry must not be undone by promoting that. Of this process it
/// is watched; what other processes do shows in a tier that they share, and in the one that answered. The farther tier
/// first: if it says that the entry has gone, the nearer ones need not have it, either.
void TieredCache::promote(const Key& key, const LookupResult& found, std::size_t from, const WriteMark& before) {
  const WriteWatch::Promotion promotion(counters_->writes, key, before);
  if (!promotion.allowed()) return;
  StoreOptions options;
  options.expires_at = found.expires_at;
  options.recipe = found.recipe;
  options.compute_s = found.compute_s;
  bool gone = false;
  options.still_there = [&] {
    try {
      gone = !tiers_[from].cache->contains(key);
    } catch (const std::exception&) {
      gone = true;
    }
    return !gone;
  };
  std::exception_ptr ignored;
  for (std::size_t t = from; t-- > 0 && !gone;) {
    if (tiers_[t].access == TierAccess::read_only) continue;
    (void)attempt(ignored, [&] {
      if (!tiers_[t].cache->store(key, *found.entry, options).stored) return;
      counters_->stale[t].remove(key);
      counters_->promotions[t].fetch_add(1, std::memory_order_relaxed);
    });
  }
}

/// What the nearest tier did not take, or has let go of, and farther tiers do not have yet: they may have its
/// predecessor. Asked for before the first of them is.
std::optional<LookupResult> TieredCache::find_queued(std::size_t tier, const Key& key) {
  const std::size_t nearest = nearest_writable();
  if (!queue_ || tier != nearest + 1) return std::nullopt;
  const std::shared_ptr<const QueuedStore> queued = queue_->find(key);
  if (!queued) return std::nullopt;
  LookupResult result;
  if (queued->options.expires_at && *queued->options.expires_at <= std::chrono::system_clock::now()) {
    result.reason = MissReason::expired;
    return result;
  }
  result.entry = std::shared_ptr<const Entry>(queued, &queued->entry);
  result.reason = MissReason::none;
  result.expires_at = queued->options.expires_at;
  result.recipe = queued->options.recipe;
  result.compute_s = queued->options.compute_s;
  result.tier = tiers_[nearest].cache->name();
  counters_->hits[nearest].fetch_add(1, std::memory_order_relaxed);
  return result;
}

StoreResult TieredCache::store(const Key& key, const Entry& entry, const StoreOptions& options) {
  const WriteWatch::Write under_way(counters_->writes, key);
  StoreResult result = store_where_due(key, entry, options);
  if (result.stored) mark_read_only_stale(key);
  return result;
}

/// A tier that is not written to misses every store and every erase: what it has of the key is older.
void TieredCache::mark_read_only_stale(const Key& key) {
  for (std::size_t t = 0; t < tiers_.size(); ++t) {
    if (tiers_[t].access == TierAccess::read_only) mark_stale(counters_->stale[t], key);
  }
}

StoreResult TieredCache::store_where_due(const Key& key, const Entry& entry, const StoreOptions& options) {
  if (!queue_)
    return options.lease_token.empty() ? store_from(0, key, entry, options) : store_fenced(key, entry, options);
  (void)cancel_queued(key);  // an older value must not arrive after this one
  const std::size_t nearest = nearest_writable();
  if (nearest == tiers_.size()) return store_from(0, key, entry, options);
  StoreResult result;
  std::exception_ptr failure;
  (void)attempt(failure, [&] { result = store_in(nearest, key, entry, options); });
  counters_->writes.begin(key);  // until it has arrived: what farther tiers have meanwhile is older than what we gave
  if (queue_->push(key, entry, options)) {
    counters_->background_stores.fetch_add(1, std::memory_order_relaxed);
    if (!result.stored) result = {true, 0, {}};
    return result;
  }
  counters_->writes.end(key);
  counters_->queue_full.fetch_add(1, std::memory_order_relaxed);
  const StoreResult others = store_from(nearest + 1, key, entry, options);
  return result.stored ? result : others;
}

/// Whether anything was waiting; what is on its way has arrived when this returns.
bool TieredCache::cancel_queued(const Key& key) {
  const std::size_t cancelled = queue_->cancel(key);
  for (std::size_t i = 0; i < cancelled; ++i) counters_->writes.end(key);
  return cancelled > 0;
}

/// Stores in one tier. Where a disk takes the new entry no more, the old one must not hide that which a farther tier
/// has taken; where a tier cannot be asked, what it has does not count until it has been stored to again.
StoreResult TieredCache::store_in(std::size_t tier, const Key& key, const Entry& entry, const StoreOptions& options) {
  KeySet& stale = counters_->stale[tier];
  try {
    StoreResult result = tiers_[tier].cache->store(key, entry, options);
    if (result.stored) stale.remove(key);
    if (!result.reached) mark_stale(stale, key);
    return result;
  } catch (const Error& error) {
    std::exception_ptr ignored;
    if (error.code() == ErrorCode::io) (void)attempt(ignored, [&] { (void)tiers_[tier].cache->erase(key); });
    if (is_failure_of_the_store(error)) mark_stale(stale, key);
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

/// The farthest tier first: one that knows the lease says there whether it has lapsed, and then no nearer tier may have
/// what somebody else's result has overtaken.
StoreResult TieredCache::store_fenced(const Key& key, const Entry& entry, const StoreOptions& options) {
  StoreResult result;
  std::exception_ptr failure;
  for (std::size_t t = tiers_.size(); t-- > 0;) {
    if (tiers_[t].access == TierAccess::read_only) continue;
    StoreResult here;
    if (!attempt(failure, [&] { here = store_in(t, key, entry, options); })) continue;
    if (here.fenced) return here;
    if (here.stored || !result.stored) result = std::move(here);
  }
  if (result.stored || !result.declined.empty()) return result;
  if (failure) std::rethrow_exception(failure);
  result.declined = "no tier may be written to";
  return result;
}

bool TieredCache::touch(const Key& key, std::optional<TimePoint> expires_at) {
  drain();  // what waits for a farther tier has the old expiry
  const WriteWatch::Write under_way(counters_->writes, key);
  bool touched = false;
  std::exception_ptr failure;
  for (std::size_t t = 0; t < tiers_.size(); ++t) {
    if (tiers_[t].access == TierAccess::read_only || counters_->stale[t].contains(key)) continue;
    (void)attempt(failure, [&] { touched = tiers_[t].cache->touch(key, expires_at) || touched; });
  }
  // A tier that was missed has the old expiry, so whoever asked must know.
  if (failure) std::rethrow_exception(failure);
  return touched;
}

bool TieredCache::erase(const Key& key) {
  const WriteWatch::Write under_way(counters_->writes, key);
  bool erased = queue_ && cancel_queued(key);
  std::exception_ptr failure;
  // The farthest tier first: what another process promotes from there meanwhile is then erased after it.
  for (std::size_t t = tiers_.size(); t-- > 0;) {
    if (tiers_[t].access == TierAccess::read_only) continue;
    (void)attempt(failure, [&] { erased = tiers_[t].cache->erase(key) || erased; });
  }
  mark_read_only_stale(key);
  // An erase that missed a tier leaves the entry to be found again, so whoever asked must know.
  if (failure) std::rethrow_exception(failure);
  return erased;
}

bool TieredCache::contains(const Key& key) {
  if (queue_ && queue_->find(key) != nullptr) return true;
  std::exception_ptr failure;
  std::size_t answered = 0;
  for (std::size_t t = 0; t < tiers_.size(); ++t) {
    bool found = false;
    const bool asked = !counters_->stale[t].contains(key);
    if (asked && !attempt(failure, [&] { found = tiers_[t].cache->contains(key); })) continue;
    if (found) return true;
    ++answered;
  }
  if (answered == 0) std::rethrow_exception(failure);
  return false;
}

Usage TieredCache::usage() {
  Usage most;
  std::exception_ptr failure;
  std::size_t answered = 0;
  for (const Tier& tier : tiers_) {
    Usage here;
    if (!attempt(failure, [&] { here = tier.cache->usage(); })) continue;
    if (++answered == 1 || here.entries > most.entries) most = here;
  }
  if (answered == 0) std::rethrow_exception(failure);
  if (failure) most.exact = false;  // the tier that failed may hold more
  return most;
}

void TieredCache::drain() {
  if (queue_) queue_->drain();
}

TieredStatistics TieredCache::snapshot() const {
  TieredStatistics statistics;
  statistics.hits.assign(counters_->hits.begin(), counters_->hits.end());
  statistics.promotions.assign(counters_->promotions.begin(), counters_->promotions.end());
  statistics.background_stores = counters_->background_stores;
  statistics.queue_full = counters_->queue_full;
  statistics.errors = counters_->errors;
  return statistics;
}

}  // namespace neve
