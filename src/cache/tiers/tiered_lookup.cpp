// Lookups in a chain of tiers, nearest first.
#include <numeric>
#include <utility>

#include "cache/tiers/tiered_state.hpp"

namespace neve {

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
  const WriteMark before = state_->writes.mark(key);
  for (std::size_t t = 0; t < tiers_.size() && !result.hit(); ++t) {
    if (std::optional<LookupResult> queued = find_queued(t, key)) return *std::move(queued);
    LookupResult found;
    const bool asked = !state_->stale[t].contains(key);
    if (asked && !attempt(failure, [&] { found = tiers_[t].cache->lookup(key, options_for(t, options)); })) continue;
    ++answered;
    if (settle(t, std::move(found), result) && t > 0) promote(key, result, t, before);
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
    const WriteMark mark = state_->writes.mark(keys[i]);
    if (std::optional<LookupResult> queued = find_queued(tier, keys[i])) {
      results[i] = *std::move(queued);
    } else if (state_->stale[tier].contains(keys[i])) {
      still_missing.push_back(i);
    } else {
      wanted.push_back(keys[i]);
      places.push_back(i);
      before.push_back(mark);
    }
  }
  if (wanted.empty()) return still_missing;
  std::vector<LookupResult> found = tiers_[tier].cache->lookup_many(wanted, options_for(tier, options));
  std::vector<Promotable> hits;
  for (std::size_t j = 0; j < found.size(); ++j) {
    LookupResult& result = results[places[j]];
    if (settle(tier, std::move(found[j]), result)) {
      hits.push_back({wanted[j], result, before[j]});
    } else {
      still_missing.push_back(places[j]);
    }
  }
  if (tier > 0) promote_all(hits, tier);
  return still_missing;
}

/// Takes one tier's answer into account: true for a hit; of the misses the first that says
/// more than "absent" counts.
bool TieredCache::settle(std::size_t tier, LookupResult found, LookupResult& result) {
  if (!found.hit()) {
    if (result.reason == MissReason::absent) result = std::move(found);
    return false;
  }
  result = std::move(found);
  state_->hits[tier].fetch_add(1, std::memory_order_relaxed);
  return true;
}

/// What the nearest tier did not take, or has let go of, and farther tiers do not have yet: they may have its
/// predecessor. Asked for before the first of them is.
std::optional<LookupResult> TieredCache::find_queued(std::size_t tier, const Key& key) {
  const std::size_t nearest = nearest_writable();
  if (!queue_ || tier != nearest + 1) return std::nullopt;
  const std::shared_ptr<const QueuedStore> queued = queue_->find(key);
  if (!queued) return std::nullopt;
  LookupResult result;
  if (queued->expired()) {
    result.reason = MissReason::expired;
    return result;
  }
  result.entry = std::shared_ptr<const Entry>(queued, &queued->entry);
  result.reason = MissReason::none;
  result.expires_at = queued->options.expires_at;
  result.recipe = queued->options.recipe;
  result.compute_s = queued->options.compute_s;
  result.tier = tiers_[nearest].cache->name();
  state_->hits[nearest].fetch_add(1, std::memory_order_relaxed);
  return result;
}

}  // namespace neve
