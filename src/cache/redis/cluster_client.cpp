#include "cluster_client.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "refusal.hpp"
#include "standalone_client.hpp"

namespace neve::redis {
namespace {

// How often a command follows its slot before its last reply is taken for an answer. A slot moves at most a few times
// while a cluster is being resharded; more means that the nodes disagree.
constexpr int kAttempts = 6;

bool worth_another_attempt(const Reply& reply) {
  return reply.error() && (reply.error_kind() == "TRYAGAIN" || reply.error_kind() == "CLUSTERDOWN");
}

Command asking() { return Command({"ASKING"}, 0); }

}  // namespace

/// The commands of one attempt that go to one master.
struct ClusterClient::Batch {
  Pool* pool;
  std::vector<std::size_t> which;
  Pool::Borrowed connection{};
  std::optional<Deadline> deadline{};
  std::exception_ptr failure{};
  bool timed_out = false;

  void fail(const Error& error) {
    failure = std::current_exception();
    timed_out = error.code() == ErrorCode::timeout;
  }
};

/// What an attempt leaves to be done.
struct ClusterClient::Outcome {
  std::vector<std::size_t> pending;
  std::exception_ptr failure;  // a master could not be reached
  bool timed_out = false;
  std::optional<RedisEndpoint> informed{};  // a node that knows a newer topology
};

ClusterClient::ClusterClient(const RedisOptions& options) : options_(options), tls_(make_tls(options_)) {}

std::vector<Reply> ClusterClient::run(std::span<const Command> commands) {
  std::vector<Reply> replies(commands.size());
  std::vector<std::size_t> pending(commands.size());
  std::iota(pending.begin(), pending.end(), std::size_t{0});
  int failures = 0;
  for (int attempts = 0; attempts < kAttempts && !pending.empty(); ++attempts) {
    const auto known = topology();
    Outcome outcome = attempt(commands, pending, *known, replies);
    pending = std::move(outcome.pending);
    if (pending.empty()) break;
    // A master that cannot be reached is tried once more where a new map says; longer is for whoever guards the cache.
    // After a timeout the caller has waited enough, and the next one reads the new map.
    if (outcome.timed_out) forget_topology();
    if (outcome.failure && (outcome.timed_out || ++failures > 1)) std::rethrow_exception(outcome.failure);
    (void)refresh(known.get(), outcome.informed ? &*outcome.informed : nullptr);
  }
  return replies;
}

ClusterClient::Outcome ClusterClient::attempt(std::span<const Command> commands,
                                              const std::vector<std::size_t>& pending, const Topology& topology,
                                              std::vector<Reply>& replies) {
  std::vector<Batch> batches = divide(commands, pending, topology);
  for (Batch& batch : batches) send(batch, commands);
  for (Batch& batch : batches) receive(batch, replies);
  Outcome outcome;
  for (const Batch& batch : batches) settle(batch, commands, replies, outcome);
  return outcome;
}

std::vector<ClusterClient::Batch> ClusterClient::divide(std::span<const Command> commands,
                                                        const std::vector<std::size_t>& pending,
                                                        const Topology& topology) {
  std::map<std::uint16_t, std::size_t> batch_of_master;
  std::vector<Batch> batches;
  for (const std::size_t i : pending) {
    const std::string_view key = commands[i].key();
    std::uint16_t master = key.empty() ? 0 : topology.master_of_slot[key_slot(key)];
    if (master == Topology::kNobody) master = 0;  // any node says CLUSTERDOWN, or knows better
    const auto [position, fresh] = batch_of_master.try_emplace(master, batches.size());
    if (fresh) batches.push_back({&pool(topology.masters[master]), {}});
    batches[position->second].which.push_back(i);
  }
  return batches;
}

void ClusterClient::send(Batch& batch, std::span<const Command> commands) {
  std::vector<const Command*> pointers;
  for (const std::size_t i : batch.which) pointers.push_back(&commands[i]);
  try {
    batch.connection = batch.pool->borrow();
    batch.deadline = batch.pool->new_deadline(batch.connection);
    batch.connection.connection->send(pointers, *batch.deadline);
  } catch (const Error& error) {
    batch.fail(error);
  }
}

void ClusterClient::receive(Batch& batch, std::vector<Reply>& replies) {
  if (!batch.failure) {
    try {
      for (const std::size_t i : batch.which) replies[i] = batch.connection.connection->receive(*batch.deadline);
      batch.pool->put_back(std::move(batch.connection.connection));
      return;
    } catch (const Error& error) {
      batch.fail(error);
    }
  }
  batch.pool->drop_idle();
}

void ClusterClient::settle(const Batch& batch, std::span<const Command> commands, std::vector<Reply>& replies,
                           Outcome& outcome) {
  if (batch.failure) {
    outcome.failure = batch.failure;
    outcome.timed_out = outcome.timed_out || batch.timed_out;
    outcome.pending.insert(outcome.pending.end(), batch.which.begin(), batch.which.end());
    return;
  }
  for (const std::size_t i : batch.which) {
    if (!replies[i].error()) continue;
    const auto redirection = parse_redirection(replies[i].text(), batch.pool->endpoint());
    if (redirection && redirection->ask) {
      replies[i] = ask(redirection->to, commands[i]);
      if (!worth_another_attempt(replies[i]) && replies[i].error_kind() != "MOVED") continue;
    } else if (redirection) {
      outcome.informed = redirection->to;
    } else if (!worth_another_attempt(replies[i])) {
      continue;
    }
    outcome.pending.push_back(i);
  }
}

/// Runs a command whose slot is on its way to `target` there, out of turn.
Reply ClusterClient::ask(const RedisEndpoint& target, const Command& command) {
  const std::vector<Command> commands{asking(), command};
  return std::move(pool(target).run(commands).back());
}

void ClusterClient::forget_topology() {
  const std::lock_guard lock(mutex_);
  topology_ = nullptr;
}

std::shared_ptr<const Topology> ClusterClient::topology() {
  {
    const std::lock_guard lock(mutex_);
    if (topology_) return topology_;
  }
  return refresh(nullptr, nullptr);
}

/// Replaces the topology, unless somebody has done so since `outdated` was the current one.
std::shared_ptr<const Topology> ClusterClient::refresh(const Topology* outdated, const RedisEndpoint* first) {
  const std::lock_guard one_at_a_time(discovering_);
  {
    const std::lock_guard lock(mutex_);
    if (topology_ && topology_.get() != outdated) return topology_;
  }
  auto fresh = discover(first);
  const std::lock_guard lock(mutex_);
  topology_ = fresh;
  return fresh;
}

std::shared_ptr<const Topology> ClusterClient::discover(const RedisEndpoint* first) {
  std::vector<RedisEndpoint> candidates;
  if (first != nullptr) candidates.push_back(*first);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, pool] : pools_) candidates.push_back(pool->endpoint());
  }
  candidates.insert(candidates.end(), options_.endpoints.begin(), options_.endpoints.end());
  const Deadline deadline(options_.connect_timeout + options_.operation_timeout / 2, options_.minimum_rate);
  std::exception_ptr failure;
  for (const RedisEndpoint& candidate : candidates) {
    if (failure && deadline.remaining().count() == 0) break;
    try {
      const Command command({"CLUSTER", "SLOTS"}, 0);
      const Reply reply = std::move(pool(candidate).run({&command, 1}).front());
      require_no_error(reply, candidate.text());
      auto topology = std::make_shared<const Topology>(Topology::from_slots(reply, candidate));
      if (!topology->masters.empty()) return topology;
      throw Error(ErrorCode::unavailable,
                  "the cluster that Redis at " + candidate.text() + " belongs to serves no slots");
    } catch (const Error&) {
      failure = std::current_exception();
    }
  }
  std::rethrow_exception(failure);
}

Pool& ClusterClient::pool(const RedisEndpoint& endpoint) {
  const std::lock_guard lock(mutex_);
  auto& place = pools_[endpoint.text()];
  if (!place) place = std::make_unique<Pool>(endpoint, options_, tls_.get());
  return *place;
}

void ClusterClient::on_each_master(const std::function<void(Pool&)>& visit) {
  // Whoever visits all wants to see everything: also what lies with a master that joined after the map was read.
  const auto fresh = refresh(topology().get(), nullptr);
  const auto& slots = fresh->master_of_slot;
  if (const auto unserved = std::count(slots.begin(), slots.end(), Topology::kNobody); unserved > 0) {
    throw Error(ErrorCode::unavailable, "nobody serves " + std::to_string(unserved) +
                                            " of the slots of the cluster at " + options_.description());
  }
  for (const RedisEndpoint& master : fresh->masters) visit(pool(master));
}

}  // namespace neve::redis
