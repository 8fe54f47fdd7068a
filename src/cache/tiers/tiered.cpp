#include <neve/cache/tiered.hpp>

#include <algorithm>
#include <utility>

#include "cache/tiers/tiered_state.hpp"

namespace neve {
namespace {

std::string joined_names(const std::vector<Tier>& tiers) {
  if (tiers.empty()) throw Error(ErrorCode::invalid_argument, "a tiered cache needs at least one tier");
  std::string name;
  for (const Tier& tier : tiers) name += (name.empty() ? "" : "+") + std::string(tier.cache->name());
  return name;
}

}  // namespace

TieredCache::TieredCache(std::vector<Tier> tiers, const TieredOptions& options)
    : tiers_(std::move(tiers)),
      name_(joined_names(tiers_)),
      options_(options),
      state_(std::make_unique<State>(tiers_.size())) {
  if (options_.writes == TierWrites::through) return;
  const auto store = [this](const QueuedStore& queued, FlightLease* lease) { store_queued(queued, lease); };
  queue_ = std::make_unique<StoreQueue>(options_.queue_entries, options_.queue_bytes, store);
}

TieredCache::~TieredCache() = default;

std::size_t TieredCache::nearest_writable() const noexcept {
  const auto found = std::find_if(tiers_.begin(), tiers_.end(),
                                  [](const Tier& tier) { return tier.access == TierAccess::read_write; });
  return static_cast<std::size_t>(found - tiers_.begin());
}

/// The farthest tier that is known to be other hosts' too; where none is, the farthest may be. A writable one of
/// course.
std::size_t TieredCache::where_others_look() const noexcept {
  std::size_t farthest = tiers_.size();
  for (std::size_t t = tiers_.size(); t-- > 0;) {
    if (tiers_[t].access == TierAccess::read_only) continue;
    if (tiers_[t].cache->shared_by_hosts()) return t;
    if (farthest == tiers_.size()) farthest = t;
  }
  return farthest;
}

bool TieredCache::shared_by_hosts() const noexcept {
  return std::any_of(tiers_.begin(), tiers_.end(), [](const Tier& tier) {
    return tier.access == TierAccess::read_write && tier.cache->shared_by_hosts();
  });
}

bool TieredCache::touch(const Key& key, std::optional<TimePoint> expires_at) {
  drain();  // what waits for a farther tier has the old expiry
  const WriteWatch::Write under_way(state_->writes, key);
  bool touched = false;
  std::exception_ptr failure;
  // The farthest tier first: what another process promotes from there is then seen to be out of date.
  for (std::size_t t = tiers_.size(); t-- > 0;) {
    if (tiers_[t].access == TierAccess::read_only || state_->stale[t].contains(key)) continue;
    (void)attempt(failure, [&] { touched = tiers_[t].cache->touch(key, expires_at) || touched; });
  }
  if (touched && expires_at) mark_stale_if_longer(key, *expires_at);
  // A tier that was missed has the old expiry, so whoever asked must know.
  if (failure) std::rethrow_exception(failure);
  return touched;
}

/// What would come back from a tier that is not written to when its time is over.
void TieredCache::mark_stale_if_longer(const Key& key, TimePoint expires_at) {
  for (std::size_t t = 0; t < tiers_.size(); ++t) {
    if (tiers_[t].access == TierAccess::read_write || state_->stale[t].contains(key)) continue;
    std::optional<Presence> here;  // not a default for when it throws: GCC 12 drops that as overwritten in any case
    std::exception_ptr ignored;
    const bool asked = attempt(ignored, [&] { here = tiers_[t].cache->presence(key); });
    if (!asked || (here->there && lasts_longer(here->expires_at, expires_at))) state_->stale[t].add(key);
  }
}

bool TieredCache::erase(const Key& key) {
  const WriteWatch::Write under_way(state_->writes, key);
  bool erased = queue_ && cancel_queued(key).count > 0;
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
  if (const auto queued = queue_ ? queue_->find(key) : nullptr) return !queued->expired();
  std::exception_ptr failure;
  std::size_t answered = 0;
  for (std::size_t t = 0; t < tiers_.size(); ++t) {
    bool found = false;
    const bool asked = !state_->stale[t].contains(key);
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
  statistics.hits.assign(state_->hits.begin(), state_->hits.end());
  statistics.promotions.assign(state_->promotions.begin(), state_->promotions.end());
  statistics.background_stores = state_->background_stores;
  statistics.queue_full = state_->queue_full;
  statistics.errors = state_->errors;
  return statistics;
}

}  // namespace neve
