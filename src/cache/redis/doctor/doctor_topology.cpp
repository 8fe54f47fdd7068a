// What the doctor does where the URL names several processes: sentinels, or nodes of a cluster.
#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include <neve/base/error.hpp>

#include "cache/redis/doctor/doctor.hpp"
#include "cache/redis/topology/topology.hpp"

namespace neve::redis {

void Doctor::examine_sentinels() {
  RedisOptions options = options_;
  options.user = options_.sentinel_user;
  options.password = options_.sentinel_password;
  options.database = 0;
  std::optional<RedisEndpoint> master;
  for (const RedisEndpoint& endpoint : options_.endpoints) {
    examined_ = endpoint.text();
    fact("sentinel", examined_);
    const auto sentinel = connect(endpoint, options, LoginTo::sentinel);
    if (!sentinel) continue;
    const auto reply = ask(*sentinel, Command({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", options_.master_name}, 0));
    if (!reply) continue;
    if (reply->error()) {
      problem("the sentinel at " + endpoint.text() + " refused: " + std::string(reply->text()),
              "sentinels usually listen on port 26379; a server is named with 'redis://'");
    } else if (reply->items.size() != 2) {
      problem("the sentinel at " + endpoint.text() + " knows no master '" + options_.master_name + "'",
              "use the name after 'sentinel monitor' in its configuration");
    } else {
      const std::string_view digits = reply->items[1].text();
      master = RedisEndpoint{std::string(reply->items[0].text()), 0, {}};
      (void)std::from_chars(digits.data(), digits.data() + digits.size(), master->port);
    }
  }
  if (master) examine_server(*master);
}

void Doctor::examine_cluster() {
  std::optional<Topology> topology;
  for (const RedisEndpoint& endpoint : options_.endpoints) {
    examined_ = endpoint.text();
    const auto node = connect(endpoint, options_);
    if (!node || topology) continue;
    const auto reply = ask(*node, Command({"CLUSTER", "SLOTS"}, 0));
    if (!reply) continue;
    if (reply->error()) {
      const bool single = reply->text().find("cluster support disabled") != std::string_view::npos;
      problem("Redis at " + endpoint.text() + " refused: " + std::string(reply->text()),
              single ? "it is a single server: begin the URL with 'redis' instead of 'redis+cluster'"
                     : "as an administrator: ACL SETUSER " + (options_.user.empty() ? "default" : options_.user) +
                           " +cluster|slots");
      continue;
    }
    try {
      topology = Topology::from_slots(*reply, endpoint);
    } catch (const Error& error) {
      problem(error.what(), "see the node's log");
    }
  }
  if (!topology) return;
  const auto unserved = std::count(topology->master_of_slot.begin(), topology->master_of_slot.end(), Topology::kNobody);
  if (unserved > 0) {
    examined_.clear();
    problem("nobody serves " + std::to_string(unserved) +
                " of the cluster's 16384 slots: entries in them, and with "
                "'cluster-require-full-coverage yes' all others too, are out of reach",
            "'redis-cli --cluster check HOST:PORT' says which; bring the node back, or '--cluster fix'");
  }
  for (const RedisEndpoint& master : topology->masters) examine_server(master);
}

}  // namespace neve::redis
