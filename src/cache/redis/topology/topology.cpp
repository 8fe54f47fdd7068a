#include "cache/redis/topology/topology.hpp"

#include <algorithm>
#include <charconv>

#include <neve/base/error.hpp>

namespace neve::redis {
namespace {

[[noreturn]] void not_slots() {
  throw Error(ErrorCode::unavailable, "the Redis node does not answer CLUSTER SLOTS as a cluster's node does");
}

std::uint16_t index_of(std::vector<RedisEndpoint>& masters, const RedisEndpoint& master) {
  const auto found = std::find(masters.begin(), masters.end(), master);
  if (found == masters.end()) masters.push_back(master);
  return static_cast<std::uint16_t>(std::find(masters.begin(), masters.end(), master) - masters.begin());
}

bool is_slot(const Reply& reply) {
  return reply.kind == ReplyKind::integer && reply.integer >= 0 && reply.integer < static_cast<std::int64_t>(kSlots);
}

/// A node that does not know what a client may call it says nothing, or '?': by the name of whoever was asked.
std::string host_of(std::string_view said, const RedisEndpoint& asked) {
  return said.empty() || said == "?" ? asked.host : std::string(said);
}

RedisEndpoint endpoint_of(const Reply& node, const RedisEndpoint& asked) {
  if (node.items.size() < 2 || node.items[1].integer <= 0 || node.items[1].integer > 65535) not_slots();
  return {host_of(node.items[0].text(), asked), static_cast<std::uint16_t>(node.items[1].integer), {}};
}

}  // namespace

Topology Topology::from_slots(const Reply& reply, const RedisEndpoint& asked) {
  if (reply.kind != ReplyKind::array) not_slots();
  Topology topology;
  topology.master_of_slot.fill(kNobody);
  for (const Reply& range : reply.items) {
    if (range.items.size() < 3 || !is_slot(range.items[0]) || !is_slot(range.items[1])) not_slots();
    const std::uint16_t master = index_of(topology.masters, endpoint_of(range.items[2], asked));
    for (std::int64_t slot = range.items[0].integer; slot <= range.items[1].integer; ++slot) {
      topology.master_of_slot[static_cast<std::size_t>(slot)] = master;
    }
  }
  return topology;
}

std::optional<Redirection> parse_redirection(std::string_view error, const RedisEndpoint& asked) {
  const bool ask = error.starts_with("ASK ");
  if (!ask && !error.starts_with("MOVED ")) return std::nullopt;
  const std::string_view address = error.substr(error.rfind(' ') + 1);
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view digits = address.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failure != std::errc() || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  return Redirection{ask, {host_of(address.substr(0, colon), asked), port, {}}};
}

}  // namespace neve::redis
