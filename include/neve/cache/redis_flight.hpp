#pragma once

#include <chrono>
#include <memory>

#include <neve/cache/flight.hpp>
#include <neve/cache/guarded.hpp>
#include <neve/cache/redis_options.hpp>

namespace neve::redis {
class LeaseKeeper;
}

namespace neve {

/// One computation per key across all hosts that share a Redis.
///
/// A lease is the key `prefix:key:lease` holding a random token. A thread extends the leases that are held; one whose
/// holder has died lapses within `lifetime` and somebody else takes over, on the holder's own machine at once. One
/// whose holder's result was not kept says so for three seconds, to those who wait. A store that names the token of a
/// lapsed lease is refused by the server itself. While the server is away leases exclude nobody; those that are given
/// up then are given up there when it is back, unless they lapse first or the process has ended. Thread-safe.
class RedisFlight final : public FlightControl {
 public:
  /// `guard`, if not null, is the guarded cache on the same server: it is told of failures, and while it does not ask
  /// the server neither does this. A `RedisCache` behind it lends its connections, so that what either has found away
  /// the other does not wait for.
  explicit RedisFlight(const RedisOptions& options, std::shared_ptr<Guarded> guard = nullptr,
                       std::chrono::milliseconds lifetime = std::chrono::seconds(10));
  /// Leases may outlive this object, and are extended for as long as they are held.
  ~RedisFlight() override;

  [[nodiscard]] std::unique_ptr<FlightLease> try_acquire(const Key& key) override;
  /// Hears what `try_acquire` sees.
  [[nodiscard]] std::unique_ptr<LeaseWatch> watch(const Key& key) override;

 private:
  std::shared_ptr<redis::LeaseKeeper> keeper_;
};

}  // namespace neve
