#pragma once

#include <sys/socket.h>

#include <vector>

#include <neve/cache/redis_options.hpp>

#include "cache/redis/wire/deadline.hpp"

namespace neve::redis {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// The addresses of `endpoint`, best first. A name server that does not answer costs no more than the deadline: the
/// question is asked on a thread of its own, which is left behind. Throws `unavailable`, `timeout`, and
/// `invalid_argument` for a unix path that is too long.
[[nodiscard]] std::vector<SocketAddress> resolve(const RedisEndpoint& endpoint, const Deadline& deadline);

}  // namespace neve::redis
