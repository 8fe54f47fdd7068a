#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <neve/cache/backend.hpp>

namespace neve {

class StoreQueue;
struct CancelledStores;
struct QueuedStore;
struct WriteMark;

/// Whether a tier may be written to. Said in URLs as `mode`.
enum class TierAccess {
  read_write,
  read_only,  ///< looked up, never stored to, promoted into or erased from
};

/// One cache of a chain. A plain value that shares the cache.
struct Tier {
  std::shared_ptr<CacheBackend> cache{};
  TierAccess access = TierAccess::read_write;
};

/// What a store waits for. Said in URLs as `writes`.
enum class TierWrites {
  through,     ///< every tier has it
  background,  ///< the nearest tier has it; the others get it from a thread of their own
};

/// What a store to a chain waits for, and how much may wait behind it. A plain value.
struct TieredOptions {
  TierWrites writes = TierWrites::through;
  /// Waiting for the background thread, 128 of them under a lease, which may hold files open; beyond it a store waits
  /// for all tiers.
  std::size_t queue_entries = 256;
  std::uint64_t queue_bytes = std::uint64_t{256} << 20;  ///< the same, by the size of what waits
};

/// What a chain has done since it was made. A plain value.
struct TieredStatistics {
  std::vector<std::uint64_t> hits;        ///< answered by each tier, nearest first
  std::vector<std::uint64_t> promotions;  ///< copied into each tier because a farther one had it
  std::uint64_t background_stores = 0;
  std::uint64_t queue_full = 0;  ///< background stores that had to be done at once
  std::uint64_t errors = 0;      ///< a tier failed where another one could go on
};

/// Several caches as one, nearest first: memory, disk, Redis.
///
/// A lookup asks them in turn. A hit in a farther tier is copied to nearer ones with its remaining expiry before it is
/// returned, many of `lookup_many` by up to eight threads; a copy to disk or Redis never overwrites a concurrent store
/// or erase. A read-only tier is not asked any more for what was
/// stored or erased here; beyond 100,000 such keys also not for a few others. A store goes to all, an
/// erase reaches all, also what still waits in the queue; what waits there is found if the nearest tier does not have
/// it. A tier that throws does not keep the others from being used: only if none can answer is the error passed on. On
/// destruction the queue is drained. What waits there holds the lease it was computed under. A mapped lookup maps only
/// in tiers from which nothing is promoted. Thread-safe.
class TieredCache final : public CacheBackend {
 public:
  /// Throws `invalid_argument` if there is no tier.
  explicit TieredCache(std::vector<Tier> tiers, const TieredOptions& options = {});
  ~TieredCache() override;

  /// The tiers' names joined by '+', as in "memory+disk+redis"; a lookup's `tier` names the one that answered.
  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override;
  [[nodiscard]] std::vector<LookupResult> lookup_many(std::span<const Key> keys, const LookupOptions& options) override;
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override;
  bool touch(const Key& key, std::optional<TimePoint> expires_at) override;
  bool erase(const Key& key) override;
  [[nodiscard]] bool contains(const Key& key) override;
  /// Of the tier that holds most entries: the others hold copies.
  [[nodiscard]] Usage usage() override;
  [[nodiscard]] bool shared_by_hosts() const noexcept override;

  /// Returns when every store made so far has reached every tier.
  void drain();

  [[nodiscard]] TieredStatistics snapshot() const;
  [[nodiscard]] const std::vector<Tier>& tiers() const noexcept { return tiers_; }

 private:
  struct State;
  struct Promotable;

  [[nodiscard]] std::vector<std::size_t> ask(std::size_t tier, std::span<const Key> keys, const LookupOptions& options,
                                             const std::vector<std::size_t>& missing,
                                             std::vector<LookupResult>& results);
  [[nodiscard]] LookupOptions options_for(std::size_t tier, LookupOptions options) const noexcept;
  [[nodiscard]] bool settle(std::size_t tier, LookupResult found, LookupResult& result);
  void promote(const Key& key, const LookupResult& found, std::size_t from, const WriteMark& before);
  void promote_all(std::span<const Promotable> hits, std::size_t from);
  void mark_read_only_stale(const Key& key);
  void mark_stale_if_longer(const Key& key, TimePoint expires_at);
  StoreResult store_where_due(const Key& key, const Entry& entry, const StoreOptions& options);
  StoreResult store_behind_nearest(const Key& key, const Entry& entry, const StoreOptions& options);
  StoreResult store_fenced(std::size_t first, const Key& key, const Entry& entry, const StoreOptions& options);
  StoreResult store_in(std::size_t tier, const Key& key, const Entry& entry, const StoreOptions& options);
  StoreResult store_from(std::size_t first, const Key& key, const Entry& entry, const StoreOptions& options);
  CancelledStores cancel_queued(const Key& key);
  [[nodiscard]] std::optional<LookupResult> find_queued(std::size_t tier, const Key& key);
  [[nodiscard]] StoreResult together(StoreResult nearest, StoreResult others, const StoreOptions& options) const;
  void store_queued(const QueuedStore& queued, FlightLease* lease);
  [[nodiscard]] std::size_t nearest_writable() const noexcept;
  [[nodiscard]] std::size_t where_others_look() const noexcept;
  template <class Act>
  bool attempt(std::exception_ptr& failure, Act act);

  std::vector<Tier> tiers_;
  std::string name_;
  TieredOptions options_;
  std::unique_ptr<State> state_;
  std::unique_ptr<StoreQueue> queue_;  // last: its thread uses everything above
};

}  // namespace neve
