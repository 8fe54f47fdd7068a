#include "cluster_client.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <sstream>
#include <utility>

#include <unistd.h>

#include <neve/cache/refused.hpp>

#include "cache/breaker.hpp"
#include "guard_options.hpp"
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

/// One server: its connections, and whether it is asked.
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
};

/// The commands of one attempt that go to one master.
struct ClusterClient::Batch {
  Node* node;
  std::vector<std::size_t> which;
  Pool::Borrowed connection{};
  std::optional<Deadline> deadline{};
  std::optional<Error> failure{};         // the master could not be reached
  std::optional<RefusedError> refusal{};  // it lets nobody in
};

/// What an attempt leaves to be done.
struct ClusterClient::Outcome {
  struct Lost {
    Node* node;
    Error failure;
    std::vector<std::size_t> which;
  };
  std::vector<std::size_t> pending;         // without what was lost
  std::vector<Lost> lost;                   // with masters that could not be reached
  bool moved = false;                       // some of the pending are with another master than the topology says
  std::optional<RedisEndpoint> informed{};  // a node that knows a newer topology

  static bool timed_out_one(const Lost& one) { return one.failure.code() == ErrorCode::timeout; }
  [[nodiscard]] bool timed_out() const { return std::any_of(lost.begin(), lost.end(), timed_out_one); }
};

ClusterClient::ClusterClient(const RedisOptions& options)
    : options_(options), tls_(make_tls(options_)), process_(::getpid()) {}

ClusterClient::~ClusterClient() {
  if (process_ != ::getpid()) return;  // a child of `fork`: no thread runs here, and a lock may be held for ever
  discovery_.close();
  for (const auto& [name, node] : nodes_) node->breaker.reset();
}

std::vector<Reply> ClusterClient::run(std::span<const Command> commands) {
  std::vector<Reply> replies(commands.size());
  std::vector<std::size_t> pending(commands.size());
  std::iota(pending.begin(), pending.end(), std::size_t{0});
  const Deadline deadline(options_.operation_timeout, options_.minimum_rate);  // a large payload alone may take longer
  bool lost_before = false;
  bool refused_before = false;
  for (int attempts = 0; attempts < kAttempts && (attempts < 2 || deadline.remaining().count() > 0); ++attempts) {
    const auto known = topology();
    require_some_master(*known);
    Outcome outcome = attempt(commands, pending, *known, replies);
    pending = outcome.pending;
    // A master that cannot be reached is tried once more where a new map says. After a timeout the caller has waited
    // enough.
    if (!outcome.lost.empty() && (lost_before || outcome.timed_out())) {
      set_aside(outcome, *known, replies);
    } else {
      for (const auto& lost : outcome.lost) pending.insert(pending.end(), lost.which.begin(), lost.which.end());
    }
    if (pending.empty()) return replies;
    if (outcome.lost.empty() && !outcome.moved) {
      if (refused_before) return replies;
      refused_before = true;
    }
    lost_before = lost_before || !outcome.lost.empty();
    (void)refresh(known.get(), outcome.informed ? &*outcome.informed : nullptr);
  }
  throw Error(ErrorCode::unavailable,
              "the nodes of the cluster at " + options_.description() + " disagree about which of them serves a slot");
}

void ClusterClient::require_some_master(const Topology& topology) {
  std::string last_error;
  for (const RedisEndpoint& master : topology.masters) {
    const Node& there = node(master);
    if (!there.away()) return;
    last_error = there.breaker->snapshot().last_error;
  }
  throw Error(ErrorCode::unavailable,
              "no master of the cluster at " + options_.description() + " answers: " + last_error);
}

/// Gives up what was lost, and the masters that lost it until they are back. Throws the timeout if there was one.
void ClusterClient::set_aside(const Outcome& outcome, const Topology& topology, std::vector<Reply>& replies) {
  for (const auto& lost : outcome.lost) {
    lost.node->breaker->failed(lost.failure);
    for (const std::size_t i : lost.which) replies[i] = lost.node->away_reply();
  }
  const auto hung = std::find_if(outcome.lost.begin(), outcome.lost.end(), Outcome::timed_out_one);
  if (hung == outcome.lost.end()) return;
  const std::string why = "not asked since " + hung->node->name() + " timed out";
  for (const RedisEndpoint& master : topology.masters) {
    Node& other = node(master);
    if (!other.away()) other.breaker->failed(Error(ErrorCode::unavailable, why));
  }
  throw Error(hung->failure);
}

/// For the thread that waits for the node's return. The map is read again there, so that no caller has to ask who took
/// the node's slots over.
void ClusterClient::look_after(Node& node) {
  const Command ping({"PING"}, 0);
  try {
    (void)node.pool.run({&ping, 1});
  } catch (const Error&) {
    std::shared_ptr<const Topology> known;
    {
      const std::lock_guard lock(mutex_);
      known = topology_;
    }
    if (known) (void)refresh(known.get(), nullptr);
    throw;
  }
}

ClusterClient::Outcome ClusterClient::attempt(std::span<const Command> commands,
                                              const std::vector<std::size_t>& pending, const Topology& topology,
                                              std::vector<Reply>& replies) {
  std::vector<Batch> batches = divide(commands, pending, topology);
  for (Batch& batch : batches) send(batch, commands);
  for (Batch& batch : batches) receive(batch, replies);
  Outcome outcome;
  for (Batch& batch : batches) settle(batch, commands, replies, outcome);
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
    if (fresh) batches.push_back({&node(topology.masters[master]), {}});
    batches[position->second].which.push_back(i);
  }
  return batches;
}

void ClusterClient::send(Batch& batch, std::span<const Command> commands) {
  if (batch.node->away()) return;
  std::vector<const Command*> pointers;
  for (const std::size_t i : batch.which) pointers.push_back(&commands[i]);
  try {
    batch.connection = batch.node->pool.borrow();
    batch.deadline = batch.node->pool.new_deadline(batch.connection);
    batch.connection.connection->send(pointers, *batch.deadline);
  } catch (const RefusedError& error) {
    batch.refusal = error;
  } catch (const Error& error) {
    batch.failure = error;
  }
}

void ClusterClient::receive(Batch& batch, std::vector<Reply>& replies) {
  if (batch.refusal) return;
  if (!batch.failure && !batch.deadline) {  // nothing was sent
    for (const std::size_t i : batch.which) replies[i] = batch.node->away_reply();
    return;
  }
  if (!batch.failure) {
    try {
      for (const std::size_t i : batch.which) replies[i] = batch.connection.connection->receive(*batch.deadline);
      batch.node->pool.put_back(std::move(batch.connection.connection));
      return;
    } catch (const Error& error) {
      batch.failure = error;
    }
  }
  batch.node->pool.drop_idle();
}

void ClusterClient::settle(Batch& batch, std::span<const Command> commands, std::vector<Reply>& replies,
                           Outcome& outcome) {
  if (batch.refusal) throw RefusedError(*batch.refusal);
  if (batch.failure) {
    outcome.lost.push_back({batch.node, *batch.failure, std::move(batch.which)});
    return;
  }
  for (const std::size_t i : batch.which) {
    if (!replies[i].error()) continue;
    const auto redirection = parse_redirection(replies[i].text(), batch.node->pool.endpoint());
    if (redirection && redirection->ask) {
      Node& target = node(redirection->to);
      try {
        replies[i] = ask(target, commands[i]);
      } catch (const RefusedError&) {
        throw;
      } catch (const Error& error) {
        outcome.lost.push_back({&target, error, {i}});
        continue;
      }
      if (!worth_another_attempt(replies[i]) && replies[i].error_kind() != "MOVED") continue;
    } else if (redirection) {
      outcome.informed = redirection->to;
    } else if (!worth_another_attempt(replies[i])) {
      continue;
    }
    outcome.moved = outcome.moved || redirection;
    outcome.pending.push_back(i);
  }
}

/// Runs a command whose slot is on its way to `target` there, out of turn.
Reply ClusterClient::ask(Node& target, const Command& command) {
  if (target.away()) return target.away_reply();
  const std::vector<Command> commands{asking(), command};
  return std::move(target.pool.run(commands).back());
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
  const auto replacement = [&]() -> std::shared_ptr<const Topology> {
    const std::lock_guard lock(mutex_);
    return topology_.get() != outdated ? topology_ : nullptr;
  };
  return discovery_.find(replacement, [&] {
    std::shared_ptr<const Topology> fresh = discover(first);
    const std::lock_guard lock(mutex_);
    topology_ = fresh;
    return fresh;
  });
}

std::shared_ptr<const Topology> ClusterClient::discover(const RedisEndpoint* first) {
  const Deadline deadline(options_.connect_timeout + options_.operation_timeout / 2, options_.minimum_rate);
  const Command command({"CLUSTER", "SLOTS"}, 0);
  std::exception_ptr failure;
  for (const RedisEndpoint& candidate : candidates(first)) {
    Node& there = node(candidate);
    try {
      if (there.away()) throw Error(ErrorCode::unavailable, there.breaker->snapshot().last_error);
      // The first may take its time, the others what that has left of it.
      const Reply reply = failure ? std::move(there.pool.run_within({&command, 1}, deadline).front())
                                  : std::move(there.pool.run({&command, 1}).front());
      require_no_error(reply, candidate.text());
      auto topology = std::make_shared<const Topology>(Topology::from_slots(reply, candidate));
      if (!topology->masters.empty()) return topology;
      throw Error(ErrorCode::unavailable,
                  "the cluster that Redis at " + candidate.text() + " belongs to serves no slots");
    } catch (const Error& error) {
      if (error.code() == ErrorCode::timeout) there.breaker->failed(error);
      failure = std::current_exception();
    }
    if (deadline.remaining().count() == 0) break;
  }
  std::rethrow_exception(failure);
}

/// Whom to ask for the map, in order, each once.
std::vector<RedisEndpoint> ClusterClient::candidates(const RedisEndpoint* first) {
  std::vector<RedisEndpoint> all;
  if (first != nullptr) all.push_back(*first);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, node] : nodes_) all.push_back(node->pool.endpoint());
  }
  all.insert(all.end(), options_.endpoints.begin(), options_.endpoints.end());
  std::vector<RedisEndpoint> each;
  for (RedisEndpoint& endpoint : all) {
    if (std::find(each.begin(), each.end(), endpoint) == each.end()) each.push_back(std::move(endpoint));
  }
  return each;
}

ClusterClient::Node& ClusterClient::node(const RedisEndpoint& endpoint) {
  const std::lock_guard lock(mutex_);
  auto& place = nodes_[endpoint.text()];
  if (!place) place = std::make_unique<Node>(endpoint, options_, tls_.get(), *this);
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
  for (const RedisEndpoint& master : fresh->masters) visit(node(master).pool);
}

std::string ClusterClient::layout() {
  std::string text;
  on_each_master([&](Pool& server) {
    const Command command({"CLUSTER", "NODES"}, 0);
    const Reply reply = std::move(server.run({&command, 1}).front());
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

}  // namespace neve::redis
