#pragma once

#include <memory>

#include <neve/cache/backend.hpp>
#include <neve/cache/failure_policy.hpp>
#include <neve/cache/statistics.hpp>

namespace neve {

/// Counts and times what a backend is asked, and keeps its failures away from the computation.
///
/// Fills in `lookup_s` and `store_s` of the results. An erase, a new expiry or a `presence` that failed is an error
/// whatever the policy: who wanted it must know. Errors that are the caller's (`invalid_argument`) always pass.
/// Costs two clock readings and a few relaxed additions per operation. Thread-safe.
class Observed final : public CacheBackend {
 public:
  explicit Observed(std::shared_ptr<CacheBackend> backend, FailurePolicy policy = FailurePolicy::tolerate);
  ~Observed() override;

  /// That of the backend: an observed cache is no other kind of cache.
  [[nodiscard]] std::string_view name() const noexcept override { return backend_->name(); }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override;
  /// Asks the backend for all at once; each result's `lookup_s` is its share of the whole.
  [[nodiscard]] std::vector<LookupResult> lookup_many(std::span<const Key> keys, const LookupOptions& options) override;
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override;
  bool touch(const Key& key, std::optional<TimePoint> expires_at) override;
  bool erase(const Key& key) override;
  [[nodiscard]] bool contains(const Key& key) override;
  [[nodiscard]] Presence presence(const Key& key) override;
  [[nodiscard]] bool still_has(const Key& key, const LookupResult& found) override;
  [[nodiscard]] Usage usage() override;
  [[nodiscard]] bool shared_by_hosts() const noexcept override { return backend_->shared_by_hosts(); }

  [[nodiscard]] CacheStatistics snapshot() const;
  [[nodiscard]] CacheBackend& backend() const noexcept { return *backend_; }
  [[nodiscard]] const std::shared_ptr<CacheBackend>& shared_backend() const noexcept { return backend_; }

 private:
  struct Counters;

  template <class Ask>
  auto insist(Ask ask) -> decltype(ask());
  template <class Ask, class Recover>
  auto guarded(Ask ask, Recover recover) -> decltype(ask());
  void count(const LookupResult& result);
  void forget(const Key& key) noexcept;

  std::shared_ptr<CacheBackend> backend_;
  FailurePolicy policy_;
  std::unique_ptr<Counters> counters_;
};

}  // namespace neve
