#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/graph/plan.hpp"
#include "pipeline/node/node_run.hpp"
#include "pipeline/node/run_services.hpp"

namespace neve {

/// Carries out a plan: starts each node when what it needs is there, skips what cannot be had. Of a node that is
/// settled it holds no more than what is to be told of it: a sweep may have a million.
class Runner {
 public:
  /// Both outlive the runner. It takes the stages out of the plan as their nodes are settled.
  Runner(Plan& plan, const RunOptions& options);

  /// Returns when every node is settled. Called once.
  void run();

  /// After the run, by index in the plan.
  [[nodiscard]] SettledNode& node(std::size_t index) { return nodes_[index].settled; }
  /// Position of the node in the order of failures, for one that failed or was cancelled.
  [[nodiscard]] std::size_t failure_order(std::size_t index) const { return nodes_[index].failure_order; }
  [[nodiscard]] std::vector<std::string> warnings() const { return services_.warnings.list(); }
  [[nodiscard]] double wall_time_s() const noexcept { return wall_time_s_; }

 private:
  struct Progress {
    std::unique_ptr<NodeRun> run{};  ///< while the node is under way
    std::size_t missing;             ///< needs that are not settled
    std::size_t users;               ///< dependents that are not settled
    SettledNode settled{};
    std::size_t failure_order = 0;
  };

  void start();
  /// Runs a node and whatever becomes ready in consequence, the first on this thread and the others as tasks.
  void drive(std::size_t index);
  [[nodiscard]] std::unique_ptr<NodeRun> make_run(std::size_t index);
  [[nodiscard]] std::vector<std::size_t> settle(std::size_t index);
  [[nodiscard]] std::vector<std::size_t> book(std::size_t index, SettledNode settled);
  void give_dependencies(std::size_t index);
  void let_go(std::size_t index);
  void release_needs(std::size_t index);
  void skip_dependents(std::size_t index);

  Plan& plan_;
  RunServices services_;
  std::vector<Progress> nodes_;
  double wall_time_s_ = 0;

  std::mutex mutex_;
  std::size_t failures_ = 0;
  std::vector<bool> settled_;
  std::size_t unsettled_;
};

}  // namespace neve
