#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include <neve/base/clock.hpp>
#include <neve/cache/backend.hpp>

namespace neve {

/// How much a memory cache holds and for how long. A plain value.
struct MemoryCacheOptions {
  std::uint64_t budget_bytes = std::uint64_t{256} << 20;  ///< arrays and metadata together
  std::optional<std::chrono::milliseconds> ttl{};         ///< for stores that name no expiry; absent: never
  const Clock* clock = &Clock::system();                  ///< must outlive the cache
};

/// Entries in this process's memory, within a byte budget. The reference that every other backend is tested against.
///
/// Sharded by key: threads that use different keys rarely contend. When the budget is exceeded the entry that saves the
/// fewest seconds per byte goes first, whichever shard it is in (docs/decisions/eviction-by-value.md). Arrays that
/// borrow memory are copied at the store; all others are shared with the caller, so storing and finding a large owned
/// array copies nothing. A hit's metadata are copied. Thread-safe.
class MemoryCache final : public CacheBackend {
 public:
  explicit MemoryCache(const MemoryCacheOptions& options);
  ~MemoryCache() override;

  [[nodiscard]] std::string_view name() const noexcept override { return "memory"; }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override;
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override;
  /// In place: nothing is undone by it.
  bool touch(const Key& key, std::optional<TimePoint> expires_at) override;
  bool erase(const Key& key) override;
  [[nodiscard]] bool contains(const Key& key) override;
  [[nodiscard]] Usage usage() override;

 private:
  class Shards;

  MemoryCacheOptions options_;
  std::unique_ptr<Shards> shards_;
};

}  // namespace neve
