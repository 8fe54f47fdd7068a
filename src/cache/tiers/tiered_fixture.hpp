#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/tiered.hpp>

#include "support/forwarding_cache.hpp"

namespace neve {

/// A memory cache whose stores a test can hold up or make fail.
class Gate final : public ForwardingCache {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "gate"; }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    if (broken) throw Error(ErrorCode::unavailable, "broken");
    return ForwardingCache::lookup(key, options);
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
    --waiting_;
    if (broken) throw Error(ErrorCode::unavailable, "broken");
    return ForwardingCache::store(key, entry, options);
  }
  bool erase(const Key& key) override {
    if (broken) throw Error(ErrorCode::unavailable, "broken");
    return ForwardingCache::erase(key);
  }
  [[nodiscard]] bool contains(const Key& key) override {
    if (broken) throw Error(ErrorCode::unavailable, "broken");
    return ForwardingCache::contains(key);
  }
  [[nodiscard]] Usage usage() override {
    if (broken) throw Error(ErrorCode::unavailable, "broken");
    return ForwardingCache::usage();
  }

  void shut() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  /// Until a store is held up.
  void await_store() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ > 0; });
  }
  /// Whether so many are held up at once, sooner or later.
  [[nodiscard]] bool holds_up(int stores) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return waiting_ >= stores; });
  }

  std::atomic<bool> broken{false};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  int waiting_ = 0;
};

inline Entry entry_with(int value) {
  Entry entry;
  entry.meta = Json{{"value", value}};
  entry.arrays.emplace("a", Array::from(std::vector<double>(100, value)));
  return entry;
}

/// Too small for what the tests store.
inline MemoryCacheOptions small_memory() {
  MemoryCacheOptions options;
  options.budget_bytes = 100;
  return options;
}

struct TieredCacheTest : testing::Test {
  TieredCache chain(TieredOptions options = {}) { return TieredCache({{near}, {middle}, {far}}, options); }

  std::shared_ptr<MemoryCache> near = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  std::shared_ptr<MemoryCache> middle = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  std::shared_ptr<Gate> far = std::make_shared<Gate>();
  const Key key{"k"};
};

/// A memory cache that does something once after a lookup or a look whether it has an entry, before the caller hears of
/// it.
class Interrupted final : public ForwardingCache {
 public:
  using ForwardingCache::ForwardingCache;
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    LookupResult result = ForwardingCache::lookup(key, options);
    if (const auto act = std::exchange(after_lookup, nullptr)) act();
    return result;
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    if (fails) throw Error(ErrorCode::internal, "a defect");
    return ForwardingCache::store(key, entry, options);
  }
  bool erase(const Key& key) override {
    if (const auto act = std::exchange(before_erase, nullptr)) act();
    return ForwardingCache::erase(key);
  }
  [[nodiscard]] bool contains(const Key& key) override { return presence(key).there; }
  [[nodiscard]] Presence presence(const Key& key) override {
    const Presence found = forwarded().presence(key);
    if (const auto act = std::exchange(after_contains, nullptr)) act();
    return found;
  }

  std::function<void()> after_lookup;
  std::function<void()> after_contains;
  std::function<void()> before_erase;
  std::atomic<bool> fails{false};
};

}  // namespace neve
