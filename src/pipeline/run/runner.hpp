#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/graph/plan.hpp"
#include "pipeline/node/node_run.hpp"
#include "pipeline/node/run_services.hpp"

namespace neve {

/// Carries out a plan: starts each node when what it needs is there, skips what cannot be had.
class Runner {
 public:
  /// Both outlive the runner.
  Runner(const Plan& plan, const RunOptions& options);

  /// Returns when every node is settled. Called once.
  void run();

  /// After the run, by index in the plan.
  [[nodiscard]] const NodeRun& node(std::size_t index) const { return nodes_[index].run; }
  [[nodiscard]] StageReport take_report(std::size_t index) noexcept { return nodes_[index].run.take_report(); }
  /// Position of the node in the order of failures, for one that failed or was cancelled.
  [[nodiscard]] std::size_t failure_order(std::size_t index) const { return nodes_[index].failure_order; }
  [[nodiscard]] std::vector<std::string> warnings() const { return services_.warnings.list(); }
  [[nodiscard]] double wall_time_s() const noexcept { return wall_time_s_; }

 private:
  struct Progress {
    Progress(RunServices& services, const PlannedNode& planned, std::function<void()> resume)
        : run(services, planned, std::move(resume)), missing(planned.needs.size()), users(planned.dependents.size()) {}

    NodeRun run;
    std::size_t missing;  ///< needs that are not settled
    std::size_t users;    ///< dependents that are not settled
    std::size_t failure_order = 0;
  };

  void start();
  /// Runs a node and whatever becomes ready in consequence, the first on this thread and the others as tasks.
  void drive(std::size_t index);
  [[nodiscard]] std::vector<std::size_t> settle(std::size_t index);
  void give_dependencies(std::size_t index);
  void release_needs(std::size_t index);
  void skip_dependents(std::size_t index);

  const Plan& plan_;
  RunServices services_;
  std::deque<Progress> nodes_;
  double wall_time_s_ = 0;

  std::mutex mutex_;
  std::size_t failures_ = 0;
  std::vector<bool> settled_;
  std::size_t unsettled_;
};

}  // namespace neve
