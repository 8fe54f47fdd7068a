#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <neve/cache/open_cache.hpp>
#include <neve/cache/open_flight.hpp>

#include "caching/fruitless_calls.hpp"

namespace neve::python {

/// An open cache as Python holds it: closable, and usable in a forked child.
///
/// A child has its parent's memory but not its threads, and must not speak on its parent's connections. So the first
/// use in a child opens the cache anew; what the parent opened is left as it is. Used under the GIL; the backend it
/// hands out may be used without.
class CacheHandle {
 public:
  /// Throws what `open_cache` throws.
  CacheHandle(std::string url, FailurePolicy policy);
  ~CacheHandle();
  CacheHandle(const CacheHandle&) = delete;
  CacheHandle& operator=(const CacheHandle&) = delete;

  /// Throws `invalid_argument` after `close`.
  [[nodiscard]] std::shared_ptr<Observed> backend();
  /// The entry under `key`, or why there is none. Lets go of the GIL while it reads.
  [[nodiscard]] std::shared_ptr<const LookupResult> lookup(const Key& key, Placement placement);

  /// What keeps others from computing the same key meanwhile; null where nobody can. Opened when first asked for.
  [[nodiscard]] std::shared_ptr<FlightControl> flight();
  /// Whether whoever computes a key leaves anything for others to find.
  [[nodiscard]] bool keeps_nothing() { return backend()->name() == "none"; }
  [[nodiscard]] FruitlessCalls& fruitless_calls() noexcept { return fruitless_calls_; }
  /// Empties the folders and memory behind this cache; how many files there were. Throws `unsupported`, before anything
  /// is removed, if some of its tiers is a server.
  std::uint64_t clear();
  /// Lets go of the backend once nobody is using it. Entries that were handed out stay valid.
  void close();
  [[nodiscard]] bool closed() const noexcept { return backend_ == nullptr; }

  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] FailurePolicy policy() const noexcept { return policy_; }

  /// The folder behind this cache or one of its tiers, the backend's own; null if there is none.
  [[nodiscard]] DiskCache* folder();
  /// The same. Throws `unsupported`, naming `what` cannot be done without one.
  [[nodiscard]] DiskCache& disk(const char* what);

 private:
  [[nodiscard]] std::shared_ptr<Observed> open() const;

  std::string url_;
  FailurePolicy policy_;
  std::shared_ptr<Observed> backend_;
  std::shared_ptr<FlightControl> flight_;
  bool flight_opened_ = false;
  FruitlessCalls fruitless_calls_;
  std::uint64_t process_;
};

/// A number that differs between a process and its forked children.
[[nodiscard]] std::uint64_t process_epoch() noexcept;

/// Counts the forks from now on.
void watch_forks();

}  // namespace neve::python
