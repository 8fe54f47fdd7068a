#pragma once

#include <string_view>

#include <neve/cache/backend.hpp>

namespace neve {

/// A cache that keeps nothing.
class DecliningCache final : public CacheBackend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "declining"; }
  [[nodiscard]] LookupResult lookup(const Key&, const LookupOptions&) override { return {}; }
  StoreResult store(const Key&, const Entry&, const StoreOptions&) override { return {.declined = "too large"}; }
  bool erase(const Key&) override { return false; }
  [[nodiscard]] bool contains(const Key&) override { return false; }
  [[nodiscard]] Usage usage() override { return {}; }
};

}  // namespace neve
