#include <neve/cache/memory_cache.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include <neve/base/error.hpp>

#include "cache/backend/own_memory.hpp"
#include "cache/memory/json_weight.hpp"
#include "cache/memory/shard.hpp"

namespace neve {
namespace {

std::uint64_t weigh(const Entry& entry) {
  std::uint64_t bytes = json_weight(entry.meta);
  for (const auto& [name, array] : entry.arrays) bytes += name.size() + array.bytes().size();
  return bytes;
}

}  // namespace

/// All shards and the bytes they hold together.
class MemoryCache::Shards {
 public:
  explicit Shards(std::uint64_t budget) : budget_(budget) {}

  [[nodiscard]] MemoryShard& of(const Key& key) {
    return shards_[std::hash<std::string>()(key.text()) % shards_.size()];
  }

  /// Makes room before the item is in, so that an entry is never evicted by its own store, and what it replaces goes
  /// before any other; looks again afterwards, because other stores may have taken the same room.
  void insert(const Key& key, MemoryItem item, TimePoint now) {
    bytes_ += item.facts.bytes;
    if (bytes_ > budget_) bytes_ -= of(key).erase(key.text()).value_or(0);
    shrink(now);
    bytes_ -= of(key).insert(key.text(), std::move(item));
    shrink(now);
  }

  void released(std::uint64_t bytes) { bytes_ -= bytes; }

  [[nodiscard]] Usage usage() const {
    Usage usage;
    for (const MemoryShard& shard : shards_) usage.entries += shard.size();
    usage.bytes = bytes_;
    return usage;
  }

 private:
  void shrink(TimePoint now) {
    while (bytes_ > budget_) {
      const auto lowest = std::min_element(shards_.begin(), shards_.end(), [now](const auto& a, const auto& b) {
        return a.lowest_score(now) < b.lowest_score(now);
      });
      const std::optional<std::uint64_t> freed = lowest->evict_lowest(now);
      if (!freed) return;  // what exceeds the budget is on its way in, and whoever brings it looks again
      bytes_ -= *freed;
    }
  }

  std::uint64_t budget_;
  std::atomic<std::uint64_t> bytes_{0};
  std::array<MemoryShard, 16> shards_;
};

MemoryCache::MemoryCache(const MemoryCacheOptions& options)
    : options_(options), shards_(std::make_unique<Shards>(options.budget_bytes)) {}

MemoryCache::~MemoryCache() = default;

LookupResult MemoryCache::lookup(const Key& key, const LookupOptions& /*options*/) {
  LookupResult result;
  result.tier = name();
  MemoryShard::Found found = shards_->of(key).find(key.text(), options_.clock->now());
  if (found.item) {
    result.entry = std::move(found.item->entry);
    result.reason = MissReason::none;
    result.expires_at = found.item->expires_at;
    result.recipe = std::move(found.item->recipe);
    result.compute_s = found.item->facts.compute_s;
    result.stored_bytes = found.item->facts.bytes;
  } else if (found.expired_bytes != 0) {
    shards_->released(found.expired_bytes);
    result.reason = MissReason::expired;
  }
  return result;
}

StoreResult MemoryCache::store(const Key& key, const Entry& entry, const StoreOptions& options) {
  require_storable(entry);
  const TimePoint now = options_.clock->now();
  const std::uint64_t bytes = weigh(entry);
  if (bytes > options_.budget_bytes) {
    (void)erase(key);  // what this was to replace
    return {false, 0,
            "the entry has " + std::to_string(bytes) + " bytes, the whole memory cache " +
                std::to_string(options_.budget_bytes)};
  }
  MemoryItem item{std::make_shared<const Entry>(with_own_memory(entry)), options.expires_at, options.recipe,
                  RetentionFacts{options.compute_s, 0, bytes, now}};
  if (!item.expires_at && options_.ttl) item.expires_at = now + *options_.ttl;
  shards_->insert(key, std::move(item), now);
  return {true, bytes, {}};
}

bool MemoryCache::touch(const Key& key, std::optional<TimePoint> expires_at) {
  return shards_->of(key).touch(key.text(), expires_at, options_.clock->now());
}

bool MemoryCache::erase(const Key& key) {
  const std::optional<std::uint64_t> freed = shards_->of(key).erase(key.text());
  if (freed) shards_->released(*freed);
  return freed.has_value();
}

bool MemoryCache::contains(const Key& key) { return shards_->of(key).contains(key.text(), options_.clock->now()); }

Usage MemoryCache::usage() { return shards_->usage(); }

}  // namespace neve
