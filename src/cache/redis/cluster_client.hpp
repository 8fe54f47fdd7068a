#pragma once

#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "client.hpp"
#include "tls.hpp"
#include "topology.hpp"

namespace neve::redis {

/// A cluster: each command goes to the master of its key's slot, and follows the slot when it moves. Thread-safe.
///
/// The slot map is read from any node that answers, and again whenever a node says that a slot has moved or cannot be
/// reached. Commands for several masters are all on their way before the first reply is awaited.
class ClusterClient final : public Client {
 public:
  explicit ClusterClient(const RedisOptions& options);

  [[nodiscard]] std::vector<Reply> run(std::span<const Command> commands) override;
  void on_each_master(const std::function<void(Pool&)>& visit) override;
  [[nodiscard]] bool clustered() const noexcept override { return true; }

 private:
  struct Batch;
  struct Outcome;

  [[nodiscard]] std::shared_ptr<const Topology> topology();
  std::shared_ptr<const Topology> refresh(const Topology* outdated, const RedisEndpoint* first);
  void forget_topology();
  [[nodiscard]] std::shared_ptr<const Topology> discover(const RedisEndpoint* first);
  [[nodiscard]] Pool& pool(const RedisEndpoint& endpoint);
  [[nodiscard]] std::vector<Batch> divide(std::span<const Command> commands, const std::vector<std::size_t>& pending,
                                          const Topology& topology);
  void send(Batch& batch, std::span<const Command> commands);
  void receive(Batch& batch, std::vector<Reply>& replies);
  [[nodiscard]] Outcome attempt(std::span<const Command> commands, const std::vector<std::size_t>& pending,
                                const Topology& topology, std::vector<Reply>& replies);
  void settle(const Batch& batch, std::span<const Command> commands, std::vector<Reply>& replies, Outcome& outcome);
  [[nodiscard]] Reply ask(const RedisEndpoint& target, const Command& command);

  RedisOptions options_;
  std::unique_ptr<TlsContext> tls_;
  std::mutex mutex_;                                    // guards what follows
  std::map<std::string, std::unique_ptr<Pool>> pools_;  // by endpoint; none is ever removed
  std::shared_ptr<const Topology> topology_;
  std::mutex discovering_;  // held while asking for the topology, so that one thread does it for all
};

}  // namespace neve::redis
