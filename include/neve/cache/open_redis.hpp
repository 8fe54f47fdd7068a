#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/clock.hpp>
#include <neve/cache/backend.hpp>
#include <neve/cache/blob_sweep.hpp>
#include <neve/cache/collect_mode.hpp>
#include <neve/cache/flight.hpp>
#include <neve/cache/guarded.hpp>

namespace neve {

/// What the URL of a Redis may begin with.
inline constexpr std::array<std::string_view, 7> kRedisSchemes{
    "redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster"};

[[nodiscard]] bool is_redis_scheme(std::string_view scheme) noexcept;

/// Opens the Redis cache that `url` names, guarded against outages; `on_failure` is the guard's. Does not connect yet,
/// so that a server that is away does not keep anything from starting.
///
/// Throws `invalid_argument` for what is wrong with the URL or the files it names, and `unsupported`, naming the CMake
/// option, if this neve was built without Redis. No message repeats a password.
[[nodiscard]] std::shared_ptr<CacheBackend> open_redis(std::string_view url, const Clock& clock,
                                                       FailurePolicy on_failure);

/// Leases in the Redis that `url` names. `guard`, if not null, is the cache on it. Throws what `open_redis` does.
[[nodiscard]] std::shared_ptr<FlightControl> open_redis_flight(std::string_view url, std::shared_ptr<Guarded> guard);

/// The servers, database and prefix as one text that contains no secret: the same for all who share the entries, as far
/// as they name the server alike. Throws what `open_redis` does.
[[nodiscard]] std::string redis_scope(std::string_view url);

/// The keys of all entries in the Redis that `url` names; see `RedisCache::keys`. Throws what that and `open_redis` do.
[[nodiscard]] std::vector<Key> list_redis_keys(std::string_view url);

/// Removes blobs that no entry points to; see `RedisCache::collect_blobs`, whose errors it throws, and those of
/// `open_redis`. Nothing, and the server is not asked, if the URL names no blob folder.
[[nodiscard]] std::optional<BlobSweep> collect_redis_blobs(std::string_view url, CollectMode mode,
                                                           std::chrono::seconds grace = kBlobGrace);

}  // namespace neve
