#pragma once

#include <neve/cache/backend.hpp>

namespace neve {

/// A cache that keeps nothing, for running without one: every lookup misses, every store is declined. Thread-safe.
class NullCache final : public CacheBackend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "none"; }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override;
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override;
  bool erase(const Key& key) override;
  [[nodiscard]] bool contains(const Key& key) override;
  [[nodiscard]] Usage usage() override;
};

}  // namespace neve
