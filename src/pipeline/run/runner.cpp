#include "pipeline/run/runner.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace neve {

Runner::Runner(Plan& plan, const RunOptions& options)
    : plan_(plan), services_(plan, options), settled_(plan.nodes.size(), false), unsettled_(plan.nodes.size()) {
  nodes_.reserve(plan.nodes.size());
  for (const PlannedNode& node : plan.nodes)
    nodes_.push_back({.missing = node.needs.size(), .users = node.dependents.size()});
}

void Runner::run() {
  const Stopwatch watch;
  services_.audience.tell([&](RunObserver& observer) { observer.run_started(plan_.pipeline, plan_.nodes.size()); });
  services_.scheduler.run([this] { start(); });
  if (services_.options.recorder != nullptr) {
    if (const std::string warning = services_.options.recorder->warning(); !warning.empty())
      services_.warnings.add(warning);
  }
  wall_time_s_ = watch.seconds();
}

void Runner::start() {
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (plan_.nodes[i].needs.empty()) ready.push_back(i);
  }
  for (std::size_t i = 1; i < ready.size(); ++i) services_.scheduler.spawn([this, index = ready[i]] { drive(index); });
  drive(ready.front());
}

void Runner::drive(std::size_t index) {
  std::unique_ptr<NodeRun>& first = nodes_[index].run;
  if (first == nullptr) first = make_run(index);
  while (nodes_[index].run->advance()) {
    const std::vector<std::size_t> ready = settle(index);
    if (ready.empty()) return;
    for (std::size_t i = 1; i < ready.size(); ++i) services_.scheduler.spawn([this, next = ready[i]] { drive(next); });
    index = ready.front();
  }
}

std::unique_ptr<NodeRun> Runner::make_run(std::size_t index) {
  return std::make_unique<NodeRun>(services_, plan_.nodes[index], [this, index] { drive(index); });
}

/// Ends a node that has come through and returns the nodes that can begin now.
std::vector<std::size_t> Runner::settle(std::size_t index) {
  const std::unique_ptr<NodeRun> run = std::move(nodes_[index].run);
  const StagePtr stage =
      std::move(plan_.nodes[index].node.stage);  // goes last, and outside the lock: it may be a user's
  SettledNode settled = run->take_settled();
  const bool failed = settled.error.has_value();
  if (failed && services_.options.on_failure == OnFailure::cancel_others) services_.cancel();
  return book(index, std::move(settled));
}

std::vector<std::size_t> Runner::book(std::size_t index, SettledNode settled) {
  const std::lock_guard lock(mutex_);
  nodes_[index].settled = std::move(settled);
  settled_[index] = true;
  --unsettled_;
  std::vector<std::size_t> ready;
  if (nodes_[index].settled.error) {
    nodes_[index].failure_order = failures_++;
    skip_dependents(index);
  } else {
    for (const std::size_t dependent : plan_.nodes[index].dependents) {
      if (--nodes_[dependent].missing > 0 || settled_[dependent]) continue;
      give_dependencies(dependent);
      ready.push_back(dependent);
    }
  }
  release_needs(index);
  if (nodes_[index].users == 0) let_go(index);
  if (unsettled_ == 0) services_.scheduler.finish();
  return ready;
}

void Runner::give_dependencies(std::size_t index) {
  std::vector<StageResultPtr> results;
  for (const PlannedNeed& need : plan_.nodes[index].needs) results.push_back(nodes_[need.node].settled.result);
  nodes_[index].run = make_run(index);
  nodes_[index].run->set_dependencies(std::move(results));
}

/// No stage needs this node's result any more.
void Runner::let_go(std::size_t index) {
  nodes_[index].settled.keep_only(plan_.nodes[index].keeps_state, services_.options.keep_artifacts);
}

/// A settled node needs its dependencies no more; the last one to say so lets their states go.
void Runner::release_needs(std::size_t index) {
  for (const PlannedNeed& need : plan_.nodes[index].needs) {
    if (--nodes_[need.node].users == 0 && settled_[need.node]) let_go(need.node);
  }
}

/// Settles everything downstream of a node that did not succeed, and looks at nothing else: many nodes may fail. In the
/// plan's order, so that each is said to want the first of its needs that is lost.
void Runner::skip_dependents(std::size_t index) {
  std::set<std::size_t> lost{index};
  for (auto from = lost.begin(); from != lost.end(); ++from) {
    const std::vector<std::size_t>& dependents = plan_.nodes[*from].dependents;
    std::copy_if(dependents.begin(), dependents.end(), std::inserter(lost, lost.end()),
                 [this](std::size_t dependent) { return !settled_[dependent]; });
    if (*from == index) continue;
    const std::vector<PlannedNeed>& needs = plan_.nodes[*from].needs;
    const auto need = std::find_if(needs.begin(), needs.end(), [&](const auto& n) { return lost.contains(n.node); });
    settled_[*from] = true;
    --unsettled_;
    const std::unique_ptr<NodeRun> run = make_run(*from);
    run->skip(plan_.nodes[need->node].node.id);
    nodes_[*from].settled = run->take_settled();
    release_needs(*from);
  }
}

}  // namespace neve
