#pragma once

#include <memory>
#include <utility>

#include <neve/cache/tiered.hpp>

namespace neve {

/// Lets every background store arrive: what the test does next depends on whether an entry was still valid when it did.
class Drained final : public CacheBackend {
 public:
  explicit Drained(std::shared_ptr<TieredCache> cache) : cache_(std::move(cache)) {}
  [[nodiscard]] std::string_view name() const noexcept override { return cache_->name(); }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    return cache_->lookup(key, options);
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    StoreResult result = cache_->store(key, entry, options);
    cache_->drain();
    return result;
  }
  bool erase(const Key& key) override { return cache_->erase(key); }
  [[nodiscard]] bool contains(const Key& key) override { return cache_->contains(key); }
  [[nodiscard]] Usage usage() override { return cache_->usage(); }

 private:
  std::shared_ptr<TieredCache> cache_;
};

}  // namespace neve
