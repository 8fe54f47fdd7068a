#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <neve/cache/backend.hpp>

namespace neve {

/// Who does not find what was computed under a lease.
enum class UnkeptFor {
  everybody,    ///< it is kept nowhere
  other_hosts,  ///< kept where the processes of this host find it
};

/// The right to compute a key, while it lasts. Destroying it gives it up, on any thread. Used by one thread at a time:
/// a store may hand it on (`StoreOptions::lease`).
class FlightLease {
 public:
  virtual ~FlightLease() = default;

  /// Whether it is still ours, as far as is known here; once false, somebody else may be computing. What is computed
  /// nevertheless may be offered to the cache, which knows by the token whether it still counts.
  [[nodiscard]] virtual bool held() = 0;

  /// What a store names so that the cache itself refuses a result whose lease has lapsed; empty if it need not.
  [[nodiscard]] virtual std::string token() const { return {}; }

  /// Tells those who watch the lease that what was computed under it is not kept. To be said before it is given up.
  virtual void say_unkept(UnkeptFor /*whom*/) {}
};

/// Makes a store that of a result computed under `lease`: the server refuses it if the lease has lapsed, and a store in
/// the background holds it. Changes nothing if there is none (null).
void store_under(const std::shared_ptr<FlightLease>& lease, StoreOptions& options);

/// Who is to be told, after a store under a lease, that its entry is not kept; nothing if they find it.
[[nodiscard]] std::optional<UnkeptFor> unkept_for(const StoreResult& stored) noexcept;

/// What one who waits for a lease hears of its holder. Used by one thread at a time.
class LeaseWatch {
 public:
  virtual ~LeaseWatch() = default;

  enum class Heard {
    nothing,  ///< so far
    unkept,   ///< the holder's result is not kept where we would find it: waiting is in vain
    gone,     ///< it has given the lease up, or died: somebody else may have it
  };
  /// Never waits.
  [[nodiscard]] virtual Heard listen() = 0;
};

/// Among whom a key is computed once. Said in URLs and on the command line.
enum class FlightReach {
  off,     ///< the threads of one process only
  local,   ///< the processes of this host
  shared,  ///< all hosts that share a Redis
};

/// Decides who computes a key. Thread-safe.
class FlightControl {
 public:
  virtual ~FlightControl() = default;

  /// The lease on `key`, or null while somebody else has it. Never waits for them. A control that cannot be reached
  /// gives a lease that excludes nobody: computing twice is better than not at all. A lease may outlive the control, in
  /// the queue of a chain that stores in the background.
  [[nodiscard]] virtual std::unique_ptr<FlightLease> try_acquire(const Key& key) = 0;

  /// To be asked when the lease on `key` was not to be had: null if its holder cannot be heard, as by default. Without
  /// it those who waited in vain compute one after another.
  [[nodiscard]] virtual std::unique_ptr<LeaseWatch> watch(const Key& key);
};

/// One computation per key on this host, across threads and processes.
///
/// A lease is an address in the kernel's abstract socket namespace: it vanishes with the process that holds it, however
/// that ends, and leaves no file behind. Those who watch it are connected to that address. Processes in different
/// network namespaces (containers) do not see each other.
/// Thread-safe.
class HostFlight final : public FlightControl {
 public:
  /// Only controls with the same `scope` exclude each other; use what names the cache, such as its URL.
  explicit HostFlight(std::string scope) : scope_(std::move(scope)) {}

  [[nodiscard]] std::unique_ptr<FlightLease> try_acquire(const Key& key) override;
  [[nodiscard]] std::unique_ptr<LeaseWatch> watch(const Key& key) override;

 private:
  std::string scope_;
};

/// A lease that excludes nobody, for where there is no way to agree on one. Used by one thread at a time.
class FreeLease final : public FlightLease {
 public:
  [[nodiscard]] bool held() override { return true; }
};

/// Several controls, all of which must agree: the host's before the shared one, so that a host asks the server once.
/// Thread-safe.
class JointFlight final : public FlightControl {
 public:
  explicit JointFlight(std::vector<std::shared_ptr<FlightControl>> controls) : controls_(std::move(controls)) {}

  [[nodiscard]] std::unique_ptr<FlightLease> try_acquire(const Key& key) override;
  /// Of the first that can be heard.
  [[nodiscard]] std::unique_ptr<LeaseWatch> watch(const Key& key) override;

 private:
  std::vector<std::shared_ptr<FlightControl>> controls_;
};

/// What a computation hands over: the entry and how to store it.
struct Computed {
  Entry entry{};
  StoreOptions store{};
};

/// How a result came about. Reaches provenance.
enum class FlightRole {
  found,   ///< it was in the cache
  waited,  ///< somebody else computed it while we waited
  led,     ///< we computed it under the lease
  alone,   ///< we computed it without: waiting took too long, or was in vain
};
[[nodiscard]] std::string_view to_string(FlightRole role) noexcept;

/// How long `compute_once` waits for somebody else's result, and how often it looks. A plain value.
struct FlightOptions {
  std::chrono::milliseconds longest_wait{
      std::chrono::minutes(10)};                ///< for somebody else's result, before computing ourselves
  std::chrono::milliseconds longest_pause{50};  ///< between two looks whether it is there
  std::function<void()> before_pause{};         ///< what it throws ends the waiting; may be empty
};

/// What `compute_once` gives: the entry and how it came about. A plain value.
struct FlightOutcome {
  FlightRole role = FlightRole::found;
  LookupResult lookup;  ///< the hit, or the first lookup's miss
  Entry entry;
  StoreResult store;  ///< of `led` and `alone`
};

/// The entry under `key`: from the cache, or computed once by whoever is first and waited for by the others.
///
/// A leader that dies or loses its lease is replaced by one of those who wait; if its result is not kept, all of them
/// compute at once, as far as the control lets them hear of it. A leader whose lease lapsed while it
/// computed publishes its result unless a successor has, or is at it: the cache knows. Throws what `compute` throws and
/// what looking into the cache throws, and `cancelled` when `stop` is requested while waiting; a cache that fails to
/// store what was computed declines it, with the reason in `store`.
[[nodiscard]] FlightOutcome compute_once(CacheBackend& cache, FlightControl& control, const Key& key,
                                         const std::function<Computed()>& compute, const FlightOptions& options = {},
                                         const std::stop_token& stop = {});

}  // namespace neve
