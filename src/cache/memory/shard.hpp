#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include <neve/base/clock.hpp>
#include <neve/codec/entry.hpp>

#include "cache/backend/retention.hpp"

namespace neve {

/// What a memory cache keeps for a key.
struct MemoryItem {
  std::shared_ptr<const Entry> entry;
  std::optional<TimePoint> expires_at;
  std::string recipe;
  RetentionFacts facts;

  [[nodiscard]] bool expired(TimePoint now) const { return expires_at && *expires_at <= now; }
};

/// One lock's worth of a memory cache: items by key, and the same items by retention score and by expiry. Thread-safe.
class MemoryShard {
 public:
  /// What `find` saw; an item that had expired has been removed.
  struct Found {
    std::optional<MemoryItem> item;
    std::uint64_t expired_bytes = 0;  ///< not 0 if an expired item was removed
  };

  /// The item under `key`, counted as used at `now`.
  [[nodiscard]] Found find(const std::string& key, TimePoint now);

  [[nodiscard]] bool contains(const std::string& key, TimePoint now) const;

  /// Puts `item` under `key`; the bytes of the one it replaces.
  std::uint64_t insert(const std::string& key, MemoryItem item);

  /// Gives the item under `key` a new expiry; false if there is none, or it has expired at `now`.
  bool touch(const std::string& key, std::optional<TimePoint> expires_at, TimePoint now);

  /// Removes the item; its bytes, or nothing if there was none.
  std::optional<std::uint64_t> erase(const std::string& key);

  /// Removes an item that has expired at `now`, else the one with the lowest score; its bytes, or nothing if the shard
  /// is empty.
  std::optional<std::uint64_t> evict_lowest(TimePoint now);

  /// The lowest score here, infinity when empty and its negative if there is something expired. May be a moment old.
  [[nodiscard]] double lowest_score(TimePoint now) const noexcept {
    if (earliest_expiry_.load(std::memory_order_relaxed) <= now) return -std::numeric_limits<double>::infinity();
    return lowest_.load(std::memory_order_relaxed);
  }

  [[nodiscard]] std::uint64_t size() const;

 private:
  struct Slot;
  using Ranking = std::multimap<double, const std::string*>;
  using Expiries = std::multimap<TimePoint, const std::string*>;
  struct Slot {
    MemoryItem item;
    Ranking::iterator rank;
    Expiries::iterator expiry;  ///< past the end for what never expires
  };
  using Table = std::unordered_map<std::string, Slot>;

  std::uint64_t remove(Table::iterator position);
  void list_expiry(Table::iterator position);
  void unlist_expiry(Table::iterator position) noexcept;
  void publish_lowest() noexcept;
  void publish_earliest() noexcept;

  mutable std::mutex mutex_;
  Table items_;
  Ranking ranking_;
  Expiries expiries_;
  std::atomic<double> lowest_{std::numeric_limits<double>::infinity()};
  std::atomic<TimePoint> earliest_expiry_{TimePoint::max()};
};

}  // namespace neve
