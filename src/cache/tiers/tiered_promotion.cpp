// Copies of what a farther tier had, for the nearer ones.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>

#include "cache/tiers/tiered_state.hpp"

namespace neve {
namespace {

// A promotion waits for its far tier more than it works, which is why several go at once, more than there are
// processors; each may hold a connection of its own to that tier.
constexpr std::size_t kMostThreads = 8;
constexpr std::size_t kWorthAThread = 8;

}  // namespace

/// What somebody stores or erases while we read the old entry must not be undone by promoting that. Of this process it
/// is watched; what other processes do shows in a tier that they share, and in the one that answered. The farther tier
/// first: if it says that the entry has gone, the nearer ones need not have it, either.
void TieredCache::promote(const Key& key, const LookupResult& found, std::size_t from, const WriteMark& before) {
  const WriteWatch::Promotion promotion(state_->writes, key, before);
  if (!promotion.allowed()) return;
  StoreOptions options;
  options.expires_at = found.expires_at;
  options.recipe = found.recipe;
  options.compute_s = found.compute_s;
  bool gone = false;
  options.still_there = [&] {
    try {
      gone = !tiers_[from].cache->still_has(key, found);
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
      state_->stale[t].remove(key);
      state_->promotions[t].fetch_add(1, std::memory_order_relaxed);
    });
  }
}

/// Several at a time: each asks the far tier again, and that takes as long as the way there.
void TieredCache::promote_all(std::span<const Promotable> hits, std::size_t from) {
  std::atomic<std::size_t> next{0};
  std::mutex failing;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < hits.size(); i = next++) {
        promote(hits[i].key, hits[i].found, from, hits[i].before);
      }
    } catch (...) {
      next = hits.size();
      const std::lock_guard lock(failing);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    try {
      while (others.size() + 1 < std::min(kMostThreads, hits.size() / kWorthAThread)) others.emplace_back(work);
    } catch (const std::system_error&) {  // no more threads for us: those there are do it
    }
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace neve
