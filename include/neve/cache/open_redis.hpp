#pragma once

#include <memory>
#include <string_view>

#include <neve/base/clock.hpp>
#include <neve/cache/backend.hpp>

namespace neve {

/// Whether `scheme` is one of the Redis kinds: `redis`, `rediss`, `unix`, or one with `+sentinel` or `+cluster`.
[[nodiscard]] bool is_redis_scheme(std::string_view scheme) noexcept;

/// Opens the Redis cache that `url` names, guarded against outages. Does not connect yet, so that a server that is away
/// does not keep anything from starting.
///
/// Throws `invalid_argument` for what is wrong with the URL or the files it names, and `unsupported`, naming the CMake
/// option, if this neve was built without Redis. No message repeats a password.
[[nodiscard]] std::shared_ptr<CacheBackend> open_redis(std::string_view url, const Clock& clock);

}  // namespace neve
