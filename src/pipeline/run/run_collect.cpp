#include "pipeline/run/run_collect.hpp"

#include <algorithm>
#include <iterator>

namespace neve {

RunResult collect_point(const Plan& plan, Runner& runner, std::size_t point) {
  const std::vector<std::size_t>& nodes = plan.points[point];
  RunResult result{.pipeline = plan.pipeline, .inner_outputs = plan.inner_outputs};
  for (const std::size_t index : nodes) {
    if (const StageResultPtr stage = runner.node(index).result) result.stages.emplace(plan.nodes[index].node.id, stage);
  }
  std::vector<std::size_t> failed;
  std::copy_if(nodes.begin(), nodes.end(), std::back_inserter(failed),
               [&](std::size_t index) { return runner.node(index).error.has_value(); });
  std::sort(failed.begin(), failed.end(),
            [&](std::size_t a, std::size_t b) { return runner.failure_order(a) < runner.failure_order(b); });
  for (const std::size_t index : failed) {
    const Error& error = *runner.node(index).error;
    result.failures.push_back({.node = plan.nodes[index].node.id,
                               .label = plan.nodes[index].label,
                               .code = error.code(),
                               .message = error.what()});
  }
  // What was cancelled followed from something else: that comes first.
  std::stable_partition(result.failures.begin(), result.failures.end(),
                        [](const StageFailure& failure) { return failure.code != ErrorCode::cancelled; });
  return result;
}

RunReport collect_report(const Plan& plan, Runner& runner) {
  RunReport report{.pipeline = plan.pipeline, .wall_time_s = runner.wall_time_s()};
  report.stages.reserve(plan.nodes.size());
  for (std::size_t i = 0; i < plan.nodes.size(); ++i) report.stages.push_back(std::move(runner.node(i).report));
  report.warnings = runner.warnings();
  return report;
}

void tell_finished(RunObserver& observer, const RunReport& report) noexcept {
  try {
    observer.run_finished(report);
  } catch (...) {  // an observer only watches
  }
}

}  // namespace neve
