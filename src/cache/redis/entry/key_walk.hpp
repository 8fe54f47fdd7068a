#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/cache/backend.hpp>
#include <neve/cache/redis_options.hpp>

#include "cache/redis/wire/pool.hpp"

namespace neve::redis {

/// Entries and their bytes on one server. Looks at some ten thousand keys at most and extrapolates from there; `peer`
/// names the server in errors. Throws what a pool does and `RefusedError`.
[[nodiscard]] Usage count_entries(Pool& server, const RedisOptions& options, const std::string& peer);

/// Calls `visit` with the keys on one server that match `pattern`, some of them at a time; one that is there throughout
/// is met once or more. Throws the same.
void for_each_slice(Pool& server, const std::string& pattern, const std::string& peer,
                    const std::function<void(const std::vector<std::string>&)>& visit);

/// Calls `visit` with the value of every key on one server that matches `pattern`. Throws the same.
void for_each_value(Pool& server, const std::string& pattern, const std::string& peer,
                    const std::function<void(std::string_view)>& visit);

}  // namespace neve::redis
