#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <neve/base/clock.hpp>
#include <neve/cache/backend.hpp>
#include <neve/cache/blob_sweep.hpp>
#include <neve/cache/collect_mode.hpp>
#include <neve/cache/redis_options.hpp>

namespace neve {

namespace redis {
class Client;
}

/// Entries in a Redis server, a sentinel-watched master or a cluster, shared by everybody who can reach it (contract
/// C2).
///
/// An entry is the pair `prefix:key:meta` and `prefix:key:arrays`, the same bytes that the disk cache keeps in its two
/// files; phys-pipeline reads them and the reverse. Halves above the inline limit lie in the blob folder instead, and
/// `prefix:key:facts` says which, and what the computation cost. A lookup and a store take one round trip each, and the
/// pair appears, changes and expires as one. Connects when first asked, not before.
///
/// Errors: `RefusedError` if the server answers but will not; `unavailable` and `timeout` if it cannot be reached, will
/// not let us in or hangs; nothing here retries for longer than the timeouts. Wrap it in `Guarded` to stop asking a
/// server that is away. Thread-safe; every thread that is in an operation has a connection of its own.
class RedisCache final : public CacheBackend {
 public:
  /// Throws `invalid_argument` if a certificate or key file cannot be used. `clock` must outlive the cache.
  explicit RedisCache(RedisOptions options, const Clock& clock = Clock::system());
  ~RedisCache() override;

  [[nodiscard]] std::string_view name() const noexcept override { return "redis"; }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override;
  /// Pipelined: many small entries cost little more than one.
  [[nodiscard]] std::vector<LookupResult> lookup_many(std::span<const Key> keys, const LookupOptions& options) override;
  /// Declines entries above the inline limit if there is no blob folder, and entries that have already expired.
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override;
  /// Replaces what it has read and nothing else. Needs the permission to run EVAL.
  bool touch(const Key& key, std::optional<TimePoint> expires_at) override;
  bool erase(const Key& key) override;
  [[nodiscard]] bool contains(const Key& key) override;
  [[nodiscard]] Presence presence(const Key& key) override;
  /// Of an entry of at most 64 KiB also whether it is the same one.
  [[nodiscard]] bool still_has(const Key& key, const LookupResult& found) override;
  /// Walks over the key space in bounded slices: exact for small servers, an extrapolation above some ten thousand
  /// keys. Halves that lie in the blob folder are not counted.
  [[nodiscard]] Usage usage() override;
  [[nodiscard]] bool shared_by_hosts() const noexcept override { return true; }

  /// The keys of all entries, sorted, and of some that are just coming or going; walks over the key space in bounded
  /// slices. Of one node of a cluster, those that it has.
  [[nodiscard]] std::vector<Key> keys();

  /// Removes blobs that no entry points to and abandoned temporary files, if nobody wrote or read them for `grace`,
  /// which must be longer than any store takes. Nothing without a blob folder. Throws `invalid_argument` at one node of
  /// a cluster, which does not know what the others' entries point to.
  BlobSweep collect_blobs(std::chrono::seconds grace = kBlobGrace, CollectMode mode = CollectMode::remove);

  /// The servers, database and user without any secret.
  [[nodiscard]] std::string description() const;

 private:
  friend class RedisFlight;  // whose leases are with the same server
  struct Parts;

  [[nodiscard]] std::shared_ptr<redis::Client> client() const;
  [[nodiscard]] bool keeps_the_same(const Key& key, const Entry& entry,
                                    const std::optional<TimePoint>& expires_at) noexcept;

  std::unique_ptr<Parts> parts_;
};

}  // namespace neve
