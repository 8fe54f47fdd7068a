#pragma once

#include <optional>
#include <string>
#include <utility>

#include "cache/guard/breaker.hpp"
#include "cache/redis/topology/client.hpp"
#include "cache/redis/topology/cluster_client.hpp"
#include "cache/redis/topology/guard_options.hpp"
#include "cache/redis/wire/pool.hpp"

namespace neve::redis {

/// One server of a cluster: its connections, and whether it is asked. Thread-safe.
struct ClusterClient::Node {
  Node(const RedisEndpoint& endpoint, const RedisOptions& options, const TlsContext* tls, ClusterClient& client)
      : pool(endpoint, options, tls),
        breaker(std::in_place, guard_options(options), [this, &client] { client.look_after(*this); }) {}

  [[nodiscard]] bool away() const { return breaker->state() != BreakerState::closed; }
  [[nodiscard]] std::string name() const { return pool.endpoint().text(); }
  [[nodiscard]] Reply away_reply() const {
    Reply reply;
    reply.kind = ReplyKind::error;
    reply.bytes = Bytes::from(std::string(kNodeAway) + " " + name() + ": " + breaker->snapshot().last_error);
    return reply;
  }

  Pool pool;
  mutable std::optional<Breaker> breaker;  // `reset` ends its thread
  bool wanted = false;                     // by somebody, since its thread looked last; guarded by the client's mutex
};

}  // namespace neve::redis
