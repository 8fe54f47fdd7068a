#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include <neve/cache/backend.hpp>
#include <neve/cache/memory_cache.hpp>

namespace neve {

/// Another cache, or one of its own in memory, asked as it is: a test overrides what it wants to be different. What has
/// a default goes through what is overridden.
class ForwardingCache : public CacheBackend {
 public:
  explicit ForwardingCache(std::shared_ptr<CacheBackend> cache = std::make_shared<MemoryCache>(MemoryCacheOptions{}))
      : cache_(std::move(cache)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return cache_->name(); }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    return cache_->lookup(key, options);
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    return cache_->store(key, entry, options);
  }
  bool erase(const Key& key) override { return cache_->erase(key); }
  [[nodiscard]] bool contains(const Key& key) override { return cache_->contains(key); }
  [[nodiscard]] Usage usage() override { return cache_->usage(); }
  [[nodiscard]] bool shared_by_hosts() const noexcept override { return cache_->shared_by_hosts(); }

 protected:
  [[nodiscard]] CacheBackend& forwarded() const noexcept { return *cache_; }

 private:
  std::shared_ptr<CacheBackend> cache_;
};

}  // namespace neve
