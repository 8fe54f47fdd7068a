#pragma once

#include <neve/cache/redis_diagnosis.hpp>
#include <neve/cache/redis_options.hpp>

#include "cache/redis/wire/connection.hpp"

namespace neve::redis {

/// Tries every command that a cache sends, on a key of its own, and adds which ones are refused and what for to the
/// diagnosis. Trying needs no permission beyond those it is about, unlike ACL DRYRUN, and works with every version.
/// Throws what the connection does.
void check_permissions(Connection& connection, const RedisOptions& options, TierAccess access,
                       RedisDiagnosis& diagnosis);

}  // namespace neve::redis
