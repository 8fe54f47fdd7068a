#include <algorithm>
#include <vector>

#include <neve/pipeline/sweep.hpp>

#include "pipeline/graph/plan.hpp"
#include "pipeline/run/run_collect.hpp"
#include "pipeline/run/runner.hpp"

namespace neve {
namespace {

/// The rows of a point, without those that an earlier point reports already.
RunReport report_of_point(const Plan& plan, const RunReport& whole, std::size_t point, std::vector<bool>& reported) {
  RunReport report{.pipeline = plan.pipeline};
  for (const std::size_t index : plan.points[point]) {
    if (reported[index]) continue;
    reported[index] = true;
    report.stages.push_back(whole.stages[index]);
    report.wall_time_s += whole.stages[index].wall_time_s;
  }
  return report;
}

}  // namespace

RunReport run_sweep(const Graph& graph, const Sweep& sweep, const RunOptions& options,
                    const std::function<void(SweepRun)>& take) {
  std::vector<SweepPoint> points = sweep.points();
  Plan plan = make_sweep_plan(graph, points, options);
  Runner runner(plan, options);
  runner.run();
  RunReport report = collect_report(plan, runner);
  if (options.observer != nullptr) tell_finished(*options.observer, report);
  std::vector<bool> reported(plan.nodes.size(), false);
  for (std::size_t i = 0; i < points.size(); ++i) {
    SweepRun run{std::move(points[i]), collect_point(plan, runner, i)};
    run.result.output_node = plan.output;
    run.result.report = report_of_point(plan, report, i, reported);
    take(std::move(run));
  }
  return report;
}

SweepResult run_sweep(const Graph& graph, const Sweep& sweep, const RunOptions& options) {
  SweepResult result;
  result.report = run_sweep(graph, sweep, options, [&](SweepRun run) { result.runs.push_back(std::move(run)); });
  return result;
}

bool SweepResult::ok() const noexcept {
  return std::all_of(runs.begin(), runs.end(), [](const SweepRun& run) { return run.result.ok(); });
}

}  // namespace neve
