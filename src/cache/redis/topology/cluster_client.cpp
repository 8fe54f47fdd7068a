#include "cache/redis/topology/cluster_client.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <optional>
#include <thread>
#include <utility>

#include <unistd.h>

#include <neve/cache/refused.hpp>

#include "cache/redis/topology/cluster_node.hpp"
#include "cache/redis/topology/standalone_client.hpp"

namespace neve::redis {
namespace {

// How often a command follows its slot before its last reply is taken for an answer. A slot moves at most a few times
// while a cluster is being resharded; more means that the nodes disagree.
constexpr int kAttempts = 6;

// How often one waits for the rest of a slot's keys, which is no attempt.
constexpr int kWaits = 7;

// What is waited for them, or between attempts for nodes that have not heard of the slot's new place yet, is doubled
// each time: altogether about half of the usual timeout.
constexpr std::chrono::milliseconds kFirstPause{1};
constexpr std::chrono::milliseconds kLongestPause{8};

/// Some of the keys that the command names are with one node and some with another, or may come to be.
bool on_the_way(const Reply& reply) { return reply.error() && reply.error_kind() == "TRYAGAIN"; }

bool worth_another_attempt(const Reply& reply) {
  return on_the_way(reply) || (reply.error() && reply.error_kind() == "CLUSTERDOWN");
}

Command asking() { return Command({"ASKING"}, 0); }

}  // namespace

/// The commands of one attempt that go to one master.
struct ClusterClient::Batch {
  std::shared_ptr<Node> node;
  std::vector<std::size_t> which;
  Pool::Borrowed connection{};
  std::optional<Deadline> deadline{};
  std::optional<Error> failure{};         // the master could not be reached
  std::optional<RefusedError> refusal{};  // it lets nobody in
};

/// What an attempt leaves to be done.
struct ClusterClient::Outcome {
  struct Lost {
    std::shared_ptr<Node> node;
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
  bool refused = false;
  bool refused_before = false;
  std::chrono::milliseconds pause = kFirstPause;
  const auto wait = [&pause] { std::this_thread::sleep_for(std::exchange(pause, std::min(2 * pause, kLongestPause))); };
  int waits = 0;
  for (int attempts = 0; attempts < kAttempts && (attempts < 2 || deadline.remaining().count() > 0);) {
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
    refused = outcome.lost.empty() && !outcome.moved;
    if (refused && std::any_of(pending.begin(), pending.end(), [&](auto i) { return on_the_way(replies[i]); })) {
      if (++waits == kWaits) return replies;
      wait();
      continue;
    }
    if (refused && refused_before) return replies;
    refused_before = refused_before || refused;
    if (++attempts > 2) wait();
    lost_before = lost_before || !outcome.lost.empty();
    (void)refresh(known.get(), outcome.informed ? &*outcome.informed : nullptr);
  }
  if (refused) return replies;
  throw Error(ErrorCode::unavailable,
              "the nodes of the cluster at " + options_.description() + " disagree about which of them serves a slot");
}

void ClusterClient::require_some_master(const Topology& topology) {
  std::string last_error;
  for (const RedisEndpoint& master : topology.masters) {
    const auto there = node(master);
    if (!there->away()) return;
    last_error = there->breaker->snapshot().last_error;
  }
  throw Error(ErrorCode::unavailable,
              "no master of the cluster at " + options_.description() + " answers: " + last_error);
}

std::string ClusterClient::not_asked_since(const Node& hung) { return "not asked since " + hung.name() + " timed out"; }

/// Gives up what was lost, and the masters that lost it until they are back. Throws the timeout if there was one.
void ClusterClient::set_aside(const Outcome& outcome, const Topology& topology, std::vector<Reply>& replies) {
  for (const auto& lost : outcome.lost) {
    lost.node->breaker->failed(lost.failure);
    for (const std::size_t i : lost.which) replies[i] = lost.node->away_reply();
  }
  const auto hung = std::find_if(outcome.lost.begin(), outcome.lost.end(), Outcome::timed_out_one);
  if (hung == outcome.lost.end()) return;
  const std::string why = not_asked_since(*hung->node);
  for (const RedisEndpoint& master : topology.masters) {
    const auto other = node(master);
    if (!other->away()) other->breaker->failed(Error(ErrorCode::unavailable, why));
  }
  throw Error(hung->failure);
}

ClusterClient::Outcome ClusterClient::attempt(std::span<const Command> commands,
                                              const std::vector<std::size_t>& pending, const Topology& topology,
                                              std::vector<Reply>& replies) {
  std::vector<Batch> batches = divide(commands, pending, topology);
  send(batches, commands);
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
    if (fresh) batches.push_back({node(topology.masters[master]), {}});
    batches[position->second].which.push_back(i);
  }
  return batches;
}

/// Masters that cannot be connected to would each take their time, one after another: those after the first that does
/// are not tried. The timeout sets all of them aside anyway.
void ClusterClient::send(std::vector<Batch>& batches, std::span<const Command> commands) {
  const Batch* hung = nullptr;
  for (Batch& batch : batches) {
    if (hung == nullptr) {
      send(batch, commands);
      if (batch.failure && batch.failure->code() == ErrorCode::timeout) hung = &batch;
    } else if (!batch.node->away()) {
      batch.failure.emplace(ErrorCode::unavailable, not_asked_since(*hung->node));
    }
  }
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
      const auto target = node(redirection->to);
      try {
        replies[i] = ask(*target, commands[i]);
      } catch (const RefusedError&) {
        throw;
      } catch (const Error& error) {
        outcome.lost.push_back({target, error, {i}});
        continue;
      }
      if (!worth_another_attempt(replies[i]) && replies[i].error_kind() != "MOVED") continue;
    } else if (redirection) {
      outcome.informed = redirection->to;
    } else if (!worth_another_attempt(replies[i])) {
      continue;
    }
    outcome.moved = outcome.moved || replies[i].error_kind() == "MOVED";
    outcome.pending.push_back(i);
  }
}

/// Runs a command whose slot is on its way to `target` there, out of turn.
Reply ClusterClient::ask(Node& target, const Command& command) {
  if (target.away()) return target.away_reply();
  const std::vector<Command> commands{asking(), command};
  return std::move(target.pool.run(commands).back());
}

}  // namespace neve::redis
