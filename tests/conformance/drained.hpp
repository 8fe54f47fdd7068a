#pragma once

#include <memory>
#include <utility>

#include <neve/cache/tiered.hpp>

#include "support/forwarding_cache.hpp"

namespace neve {

/// Lets every background store arrive: what the test does next depends on whether an entry was still valid when it did.
class Drained final : public ForwardingCache {
 public:
  explicit Drained(std::shared_ptr<TieredCache> cache) : ForwardingCache(cache), cache_(std::move(cache)) {}
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    StoreResult result = cache_->store(key, entry, options);
    cache_->drain();
    return result;
  }

 private:
  std::shared_ptr<TieredCache> cache_;
};

}  // namespace neve
