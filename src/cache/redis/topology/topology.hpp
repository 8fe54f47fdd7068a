#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/cache/redis_options.hpp>

#include "cache/redis/topology/slots.hpp"
#include "cache/redis/wire/reply.hpp"

namespace neve::redis {

/// Which master serves which slots of a cluster, as one of its nodes saw it. A plain value.
struct Topology {
  static constexpr std::uint16_t kNobody = 0xffff;

  std::vector<RedisEndpoint> masters;
  std::array<std::uint16_t, kSlots> master_of_slot;  ///< index into `masters`, or `kNobody`

  [[nodiscard]] bool names(const RedisEndpoint& endpoint) const {
    return std::find(masters.begin(), masters.end(), endpoint) != masters.end();
  }

  /// From the reply to CLUSTER SLOTS; a node that does not know its own address is at `asked`. Throws `unavailable` if
  /// the reply is something else.
  [[nodiscard]] static Topology from_slots(const Reply& reply, const RedisEndpoint& asked);
};

/// Where the error replies `MOVED 3999 127.0.0.1:6381` and `ASK ...` send the client; an empty host or '?' means
/// `asked`'s. Nothing if `error` is not one of them.
struct Redirection {
  bool ask;  ///< for this command only; false: the slot has moved for good
  RedisEndpoint to;
};
[[nodiscard]] std::optional<Redirection> parse_redirection(std::string_view error, const RedisEndpoint& asked);

}  // namespace neve::redis
