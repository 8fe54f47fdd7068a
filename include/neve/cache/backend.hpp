#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/clock.hpp>
#include <neve/cache/hit_entry.hpp>
#include <neve/codec/entry.hpp>
#include <neve/key/key.hpp>

namespace neve {

class FlightLease;

/// Why a lookup found nothing. Written into provenance and counters, so the names are part of the interface.
enum class MissReason {
  none,         ///< it was a hit
  absent,       ///< nothing is stored under the key
  expired,      ///< its time has passed
  half,         ///< one of the two halves is missing: half evicted, or not yet committed
  torn,         ///< two halves that do not belong together
  corrupt,      ///< damaged or truncated
  foreign,      ///< sealed for another key, or not an entry at all
  unsupported,  ///< holds what neve does not decode (pickled state, object arrays)
  unavailable,  ///< the store could not be reached or read
};
inline constexpr std::size_t kMissReasons = 9;
[[nodiscard]] std::string_view to_string(MissReason reason) noexcept;

/// Whether the arrays of a hit are copied into memory of their own or stay slices of a file mapping. A mapped entry is
/// verified like any other when it is opened, but a process that truncates the file in place afterwards (phys-pipeline
/// does) makes reading it fail with SIGBUS: ask for it only where no program does.
enum class Placement { owned, mapped };

/// Options of a lookup. A plain value.
struct LookupOptions {
  Placement placement = Placement::owned;
};

/// The outcome of a lookup: an entry, or the reason there is none. A plain value.
struct LookupResult {
  HitEntry entry;
  MissReason reason = MissReason::absent;
  std::string detail;                   ///< for a person: what exactly was wrong; empty for plain hits and misses
  std::optional<TimePoint> expires_at;  ///< of a hit
  std::string recipe;                   ///< of a hit: the key's ingredients as compact JSON, if they were stored
  double compute_s = 0;  ///< of a hit: seconds its computation took, 0 if unknown; never stored in the entry itself
  std::uint64_t stored_bytes = 0;  ///< of a hit: bytes read from the store
  std::string tier;                ///< name of the backend that answered
  bool sealed = false;             ///< by a disk cache: the two files bind each other, so one alone cannot be another's
  double lookup_s = 0;             ///< how long the lookup took; filled in by Observed, for provenance (contract C5)

  [[nodiscard]] bool hit() const noexcept { return entry.has_value(); }
};

/// Options of a store. A plain value.
struct StoreOptions {
  std::optional<TimePoint> expires_at{};  ///< absent: the backend's own TTL, or never
  std::string recipe{};                   ///< see EntrySeal
  double compute_s = 0;                   ///< what it cost to compute; weighs the entry at eviction
  /// Token of a RedisFlight lease: a Redis cache declines the store if the lease has passed to another holder. A chain
  /// that stores in all tiers before it returns asks it first, one that stores in the background takes the entry from
  /// the nearest tier again; other backends ignore it.
  std::string lease_token{};
  /// For a promotion: whether the source still has the entry, and for as long. A disk or Redis cache then stores only
  /// where a lookup finds no entry, and calls this last, just before the entry becomes visible: what another process
  /// erases or stores meanwhile wins. Must not throw; valid only during the store. Other backends ignore it.
  std::function<bool()> still_there{};
  /// The lease the entry was computed under, if any: a chain that stores in the background holds it until every tier
  /// has the entry or has declined it, and then says so to those who wait. After the store the caller may only let go
  /// of it, or say that the entry is not kept where the result tells so.
  std::shared_ptr<FlightLease> lease{};
};

/// The outcome of a store. `declined` is a decision (too large for the budget, read-only folder), not a failure.
struct StoreResult {
  bool stored = false;
  std::uint64_t stored_bytes = 0;
  std::string declined;    ///< why not, for a person; empty when stored
  bool fenced = false;     ///< declined because somebody else has taken over the lease of `StoreOptions::lease_token`
  bool reached = true;     ///< false: the store could not be asked and may have what it had before
  double store_s = 0;      ///< how long the store took; filled in by Observed, for provenance (contract C5)
  bool unshared = false;   ///< stored under a lease, but not where other hosts look, as far as that is known
  bool overtaken = false;  ///< a promotion that was not made: others have stored or erased the entry meanwhile
};

/// What a cache can tell of an entry without reading it. A plain value.
struct Presence {
  bool there = false;                   ///< a lookup would probably hit
  std::optional<TimePoint> expires_at;  ///< of what is there; absent also where finding out would cost more
};

/// How much a cache holds. A plain value.
struct Usage {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  bool exact = true;  ///< false where counting would mean a scan and the numbers are the backend's running estimate
};

/// A place that keeps entries under keys. Thread-safe and synchronous.
///
/// A miss is a value, and so is a damaged entry (a miss with its reason). Errors that throw: `unavailable`, `timeout`
/// and `io` when the store itself cannot be used; `invalid_argument` for a contract violation. An entry handed out
/// stays valid after the backend is gone and whatever happens to the stored one.
class CacheBackend {
 public:
  virtual ~CacheBackend() = default;

  /// Short name for provenance and reports: "disk", "memory".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  [[nodiscard]] virtual LookupResult lookup(const Key& key, const LookupOptions& options) = 0;

  /// One result per key, in order. The default asks one by one.
  [[nodiscard]] virtual std::vector<LookupResult> lookup_many(std::span<const Key> keys, const LookupOptions& options);

  /// Stores or replaces. A lookup at any moment, in any process, sees the old entry, the new one or a miss. After a
  /// store that was declined it sees a miss, as far as the old entry could be removed; after one that threw, the old
  /// one or a miss.
  virtual StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) = 0;

  /// Gives the entry a new expiry, later or earlier, or none; false if there is none, or it was replaced or erased
  /// meanwhile. The expiry is sealed into the entry. The default reads the entry and stores it again, so that a change
  /// made in between is lost; backends that avoid this say so.
  virtual bool touch(const Key& key, std::optional<TimePoint> expires_at);

  /// Removes the entry; true if there was one (or a damaged or half one in its place).
  virtual bool erase(const Key& key) = 0;

  /// Whether a lookup would probably hit: looks for the entry without reading it.
  [[nodiscard]] virtual bool contains(const Key& key) = 0;

  /// The same with the expiry, for little more. The default does not know it. Throws where the store cannot be asked,
  /// also through decorators that make a miss of other failures: no answer must not pass for "not there".
  [[nodiscard]] virtual Presence presence(const Key& key);

  /// Whether it still has the entry that a lookup found, and for as long: what a promotion asks before its copy becomes
  /// visible. The default goes by `presence`, and cannot tell another entry under the key. Throws as that does.
  [[nodiscard]] virtual bool still_has(const Key& key, const LookupResult& found);

  [[nodiscard]] virtual Usage usage() = 0;

  /// Whether other hosts certainly find what is stored here. A chain with a lease asks, to tell those who wait there; a
  /// folder that other hosts may or may not have says no, as the default does.
  [[nodiscard]] virtual bool shared_by_hosts() const noexcept { return false; }
};

}  // namespace neve
