#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cache/redis/topology/client.hpp"
#include "cache/redis/topology/discovery.hpp"
#include "cache/redis/topology/topology.hpp"
#include "cache/redis/wire/tls.hpp"

namespace neve::redis {

/// A cluster: each command goes to the master of its key's slot, and follows the slot when it moves. Thread-safe.
///
/// The slot map is read from any node that answers, and again whenever a node says that a slot has moved or cannot be
/// reached. Commands for several masters are all on their way before the first reply is awaited.
///
/// A master that cannot be reached is set aside: commands for it get the error reply `NODEAWAY` at once, and a thread
/// that lives as long as the outage looks whether it is back or has a successor. After a timeout the other masters are
/// set aside too, until that thread has heard from them, so that of a cluster that hangs as a whole no more than one
/// caller waits. `run` throws `unavailable` while no master is left to be asked.
///
/// A node that the map names no more is let go with its connections, once nobody uses it. The endpoints of the options
/// are asked whenever no master says what the map is.
class ClusterClient final : public Client {
 public:
  explicit ClusterClient(const RedisOptions& options);
  ~ClusterClient() override;

  [[nodiscard]] std::vector<Reply> run(std::span<const Command> commands) override;
  void on_each_master(const std::function<void(Pool&)>& visit) override;
  [[nodiscard]] std::string layout() override;
  [[nodiscard]] bool clustered() const noexcept override { return true; }

 private:
  struct Node;
  struct Batch;
  struct Outcome;

  [[nodiscard]] std::shared_ptr<const Topology> topology();
  std::shared_ptr<const Topology> refresh(const Topology* outdated, const RedisEndpoint* first);
  [[nodiscard]] std::shared_ptr<const Topology> discover(const RedisEndpoint* first);
  [[nodiscard]] std::vector<RedisEndpoint> candidates(const RedisEndpoint* first);
  [[nodiscard]] std::shared_ptr<Node> node(const RedisEndpoint& endpoint);
  void replace_topology(std::shared_ptr<const Topology> fresh);
  [[nodiscard]] bool needed(Node& node);
  void look_after(Node& node);
  void require_some_master(const Topology& topology);
  void set_aside(const Outcome& outcome, const Topology& topology, std::vector<Reply>& replies);
  [[nodiscard]] std::vector<Batch> divide(std::span<const Command> commands, const std::vector<std::size_t>& pending,
                                          const Topology& topology);
  [[nodiscard]] static std::string not_asked_since(const Node& hung);
  void send(std::vector<Batch>& batches, std::span<const Command> commands);
  void send(Batch& batch, std::span<const Command> commands);
  void receive(Batch& batch, std::vector<Reply>& replies);
  [[nodiscard]] Outcome attempt(std::span<const Command> commands, const std::vector<std::size_t>& pending,
                                const Topology& topology, std::vector<Reply>& replies);
  void settle(Batch& batch, std::span<const Command> commands, std::vector<Reply>& replies, Outcome& outcome);
  [[nodiscard]] Reply ask(Node& target, const Command& command);

  RedisOptions options_;
  std::unique_ptr<TlsContext> tls_;
  const pid_t process_;
  Discovery discovery_;
  std::mutex mutex_;  // guards what follows
  std::shared_ptr<const Topology> topology_;
  std::map<std::string, std::shared_ptr<Node>> nodes_;  // by endpoint; removed only if nobody else holds it
};

}  // namespace neve::redis
