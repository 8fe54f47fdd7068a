#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <neve/base/error.hpp>
#include <neve/cache/backend.hpp>
#include <neve/cache/failure_policy.hpp>

namespace neve {

class Breaker;

/// When a store counts as away, how often it is retried, and what its failures become. A plain value.
struct GuardOptions {
  std::chrono::milliseconds first_pause{100};       ///< after an outage begins, until the first attempt to return
  std::chrono::milliseconds longest_pause{10'000};  ///< attempts become rarer up to this
  std::chrono::milliseconds slow{50};       ///< an operation with a small payload that takes longer counts as lost time
  std::uint64_t rate{32U << 20U};           ///< bytes a second: a payload may take its size over this longer; not 0
  std::chrono::milliseconds patience{150};  ///< lost time after which a slow store counts as away
  FailurePolicy on_failure = FailurePolicy::tolerate;  ///< `rethrow`: the caller is told, as fast
};

/// Whether a guarded store is being asked. Reaches reports and metrics.
enum class BreakerState {
  closed,     ///< it is asked
  open,       ///< it is away and not asked
  half_open,  ///< it is away, and one attempt to return is under way
};
[[nodiscard]] std::string_view to_string(BreakerState state) noexcept;

/// What a guard has seen since it was made. A plain value.
struct GuardStatistics {
  BreakerState state = BreakerState::closed;
  std::uint64_t outages = 0;
  std::uint64_t skipped = 0;  ///< operations not even tried
  std::map<std::string, std::uint64_t>
      errors_by_kind;  ///< `unavailable`, `timeout`, `io`, `slow`, or a refusal's own word
  std::string last_error;
};

/// Keeps a store's outages from costing more than one wait, and its failures away from the computation.
///
/// A failed lookup is a miss with reason `unavailable`, a failed store is declined, `contains` is false; with
/// `FailurePolicy::rethrow` they throw, also `unavailable` while the store is not asked. A failed erase, touch or
/// presence always throws: who asked for it must know. After an operation that could not reach the store, or too much
/// time lost to slow ones, the store is not asked any more; a thread that lives only as long as the outage probes, with
/// growing, jittered pauses, whether it is back, so that no caller ever pays for a probe. A store that answers but
/// refuses (`RefusedError`) goes on being asked. Errors that are the caller's pass through. Of a lookup of many keys
/// each batch of 32 is an operation.
///
/// An erase that did not reach the store is remembered, and made up for before this object looks the key up again: what
/// somebody erased during an outage does not come back with the server. Thread-safe.
class Guarded final : public CacheBackend {
 public:
  explicit Guarded(std::shared_ptr<CacheBackend> backend, const GuardOptions& options = {});
  ~Guarded() override;

  /// That of the backend.
  [[nodiscard]] std::string_view name() const noexcept override { return backend_->name(); }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override;
  [[nodiscard]] std::vector<LookupResult> lookup_many(std::span<const Key> keys, const LookupOptions& options) override;
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override;
  bool touch(const Key& key, std::optional<TimePoint> expires_at) override;
  bool erase(const Key& key) override;
  [[nodiscard]] bool contains(const Key& key) override;
  [[nodiscard]] Presence presence(const Key& key) override;
  [[nodiscard]] bool still_has(const Key& key, const LookupResult& found) override;
  [[nodiscard]] Usage usage() override;
  [[nodiscard]] bool shared_by_hosts() const noexcept override { return backend_->shared_by_hosts(); }

  /// Whether the store is being asked at the moment.
  [[nodiscard]] bool available() const noexcept;
  /// For those who use the same server in another way and found it away.
  void report_failure(const Error& error);

  [[nodiscard]] GuardStatistics snapshot() const;
  [[nodiscard]] CacheBackend& backend() const noexcept { return *backend_; }

 private:
  struct Unerased;

  template <class Ask, class Away>
  auto guard(Ask ask, Away away) -> decltype(ask());
  template <class Ask>
  auto insist(Ask ask) -> decltype(ask());
  [[nodiscard]] std::vector<LookupResult> lookup_batch(std::span<const Key> keys, const LookupOptions& options);
  [[nodiscard]] std::unique_lock<std::mutex> in_turn(const Key& key);
  [[nodiscard]] bool is_gone(const Key& key);
  [[nodiscard]] bool is_unerased(const Key& key);
  bool erase_now(const Key& key);

  std::shared_ptr<CacheBackend> backend_;
  FailurePolicy on_failure_;
  std::unique_ptr<Unerased> unerased_;
  std::unique_ptr<Breaker> breaker_;
};

}  // namespace neve
