// Which node serves which slot, and who is asked about it.
#include <algorithm>
#include <sstream>
#include <utility>

#include "cache/redis/topology/cluster_node.hpp"
#include "cache/redis/wire/refusal.hpp"

namespace neve::redis {

std::shared_ptr<const Topology> ClusterClient::topology() {
  {
    const std::lock_guard lock(mutex_);
    if (topology_) return topology_;
  }
  return refresh(nullptr, nullptr);
}

/// Replaces the topology, unless somebody has done so since `outdated` was the current one.
std::shared_ptr<const Topology> ClusterClient::refresh(const Topology* outdated, const RedisEndpoint* first) {
  const auto replacement = [&]() -> std::shared_ptr<const Topology> {
    const std::lock_guard lock(mutex_);
    return topology_.get() != outdated ? topology_ : nullptr;
  };
  return discovery_.find(replacement, [&] {
    std::shared_ptr<const Topology> fresh = discover(first);
    replace_topology(fresh);
    return fresh;
  });
}

/// Lets the nodes go that it does not name. One that somebody holds, or whose thread waits for its return, stays until
/// the next time: the thread may be the one that is here.
void ClusterClient::replace_topology(std::shared_ptr<const Topology> fresh) {
  const std::lock_guard lock(mutex_);
  topology_ = std::move(fresh);
  std::erase_if(nodes_, [&](const auto& entry) {
    const std::shared_ptr<Node>& node = entry.second;
    return !topology_->names(node->pool.endpoint()) && node.use_count() == 1 && !node->away();
  });
}

/// Whether the topology names it, or somebody has wanted it since this was asked last.
bool ClusterClient::needed(Node& node) {
  const std::lock_guard lock(mutex_);
  const bool wanted = std::exchange(node.wanted, false);
  return wanted || !topology_ || topology_->names(node.pool.endpoint());
}

std::shared_ptr<const Topology> ClusterClient::discover(const RedisEndpoint* first) {
  const Deadline deadline(options_.connect_timeout + options_.operation_timeout / 2, options_.minimum_rate);
  const Command command({"CLUSTER", "SLOTS"}, 0);
  std::exception_ptr failure;
  for (const RedisEndpoint& candidate : candidates(first)) {
    const auto there = node(candidate);
    try {
      if (there->away()) throw Error(ErrorCode::unavailable, there->breaker->snapshot().last_error);
      // The first may take its time, the others what that has left of it.
      const Reply reply = failure ? there->pool.run_one_within(command, deadline) : there->pool.run_one(command);
      require_no_error(reply, candidate.text());
      auto topology = std::make_shared<const Topology>(Topology::from_slots(reply, candidate));
      if (!topology->masters.empty()) return topology;
      throw Error(ErrorCode::unavailable,
                  "the cluster that Redis at " + candidate.text() + " belongs to serves no slots");
    } catch (const Error& error) {
      if (error.code() == ErrorCode::timeout) there->breaker->failed(error);
      failure = std::current_exception();
    }
    if (deadline.remaining().count() == 0) break;
  }
  std::rethrow_exception(failure);
}

/// Whom to ask for the map, in order, each once. Nobody who is a master no more, unless the options name him: his map
/// may be an old one.
std::vector<RedisEndpoint> ClusterClient::candidates(const RedisEndpoint* first) {
  std::vector<RedisEndpoint> all;
  if (first != nullptr) all.push_back(*first);
  {
    const std::lock_guard lock(mutex_);
    if (topology_) all.insert(all.end(), topology_->masters.begin(), topology_->masters.end());
  }
  all.insert(all.end(), options_.endpoints.begin(), options_.endpoints.end());
  std::vector<RedisEndpoint> each;
  for (RedisEndpoint& endpoint : all) {
    if (std::find(each.begin(), each.end(), endpoint) == each.end()) each.push_back(std::move(endpoint));
  }
  return each;
}

std::shared_ptr<ClusterClient::Node> ClusterClient::node(const RedisEndpoint& endpoint) {
  const std::lock_guard lock(mutex_);
  auto& place = nodes_[endpoint.text()];
  if (!place) place = std::make_shared<Node>(endpoint, options_, tls_.get(), *this);
  place->wanted = true;
  return place;
}

void ClusterClient::on_each_master(const std::function<void(Pool&)>& visit) {
  // Whoever visits all wants to see everything: also what lies with a master that joined after the map was read.
  const auto fresh = refresh(topology().get(), nullptr);
  const auto& slots = fresh->master_of_slot;
  if (const auto unserved = std::count(slots.begin(), slots.end(), Topology::kNobody); unserved > 0) {
    throw Error(ErrorCode::unavailable, "nobody serves " + std::to_string(unserved) +
                                            " of the slots of the cluster at " + options_.description());
  }
  for (const RedisEndpoint& master : fresh->masters) visit(node(master)->pool);
}

std::string ClusterClient::layout() {
  std::string text;
  on_each_master([&](Pool& server) {
    const Reply reply = server.run_one(Command({"CLUSTER", "NODES"}, 0));
    require_no_error(reply, server.endpoint().text());
    std::istringstream lines{std::string(reply.text())};
    for (std::string line; std::getline(lines, line);) {
      if (line.find("myself") == std::string::npos) continue;  // only a node itself tells which of its slots are open
      if (line.find(" [") != std::string::npos) {
        throw Error(ErrorCode::unavailable, "the cluster at " + options_.description() +
                                                " is being resharded; try again when all slots are where they belong");
      }
      text += line.substr(0, line.find(' ')) + line.substr(std::min(line.find(" connected"), line.size())) + "\n";
    }
  });
  return text;
}

/// For the thread that waits for the node's return, or until it can be let go. The map is read again there, so that no
/// caller has to ask who took the node's slots over.
void ClusterClient::look_after(Node& node) {
  if (!needed(node)) return;
  try {
    (void)node.pool.run_one(Command({"PING"}, 0));
  } catch (const Error&) {
    std::shared_ptr<const Topology> known;
    {
      const std::lock_guard lock(mutex_);
      known = topology_;
    }
    if (known) (void)refresh(known.get(), nullptr);
    if (!needed(node)) return;
    throw;
  }
}

}  // namespace neve::redis
