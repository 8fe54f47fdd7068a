#pragma once

#include <string>

#include <neve/cache/redis_options.hpp>

#include "cache/redis/wire/reply.hpp"

namespace neve::redis {

/// What to do when `endpoint` cannot be connected to, given the error's message.
[[nodiscard]] std::string connecting_remedy(const RedisEndpoint& endpoint, const std::string& what);

/// What to do when there is no TLS connection, or it ends at the first command.
[[nodiscard]] std::string tls_remedy(const RedisTls& tls, const std::string& what);

/// Who was to let us in.
enum class LoginTo { server, sentinel };

/// What to do when AUTH, SELECT or PING is refused.
[[nodiscard]] std::string login_remedy(const Reply& reply, const RedisOptions& options, LoginTo whom);

}  // namespace neve::redis
