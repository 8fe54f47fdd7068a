#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <neve/cache/backend.hpp>
#include <neve/cache/redis_options.hpp>

#include "cache/redis/wire/pool.hpp"

namespace neve::redis {

/// Entries and their bytes on one server. Looks at some ten thousand keys at most and extrapolates from there; `peer`
/// names the server in errors. Throws what a pool does and `RefusedError`.
[[nodiscard]] Usage count_entries(Pool& server, const RedisOptions& options, const std::string& peer);

/// Calls `visit` with the value of every key on one server that matches `pattern`. Throws the same.
void for_each_value(Pool& server, const std::string& pattern, const std::string& peer,
                    const std::function<void(std::string_view)>& visit);

}  // namespace neve::redis
