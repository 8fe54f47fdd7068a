#include <neve/pipeline/run.hpp>

#include <neve/base/nearest.hpp>

#include "pipeline/graph/plan.hpp"
#include "pipeline/run/metric_names.hpp"
#include "pipeline/run/run_collect.hpp"
#include "pipeline/run/runner.hpp"

namespace neve {

void RunResult::throw_if_failed() const {
  if (!failures.empty()) throw Error(failures.front().code, failures.front().message);
}

const StageResult& RunResult::at(std::string_view node) const {
  if (const auto inner = inner_outputs.find(node); inner != inner_outputs.end()) return at(inner->second);
  if (const auto found = stages.find(node); found != stages.end()) return *found->second;
  for (const StageFailure& failure : failures) {
    if (failure.node == node) throw Error(failure.code, failure.message);
  }
  std::vector<std::string> ids;
  for (const StageReport& stage : report.stages) {
    if (stage.node == node)
      throw Error(ErrorCode::stage_failed,
                  "pipeline '" + pipeline + "', stage '" + stage.node + "' did not run: " + stage.reason);
    ids.push_back(stage.node);
  }
  for (const auto& [id, output] : inner_outputs) ids.push_back(id);
  throw Error(ErrorCode::invalid_argument,
              "pipeline '" + pipeline + "': there is no stage '" + std::string(node) + "'" + suggestion(node, ids));
}

const StageResult& RunResult::output() const {
  if (output_node.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "pipeline '" + pipeline + "' has no single output; name the stage, or use Graph::set_output");
  }
  return at(output_node);
}

const State& RunResult::state(std::string_view node) const {
  const StageResult& result = at(node);
  if (result.state_kept) return result.state;
  throw Error(ErrorCode::invalid_argument, "pipeline '" + pipeline + "': the state of '" + std::string(node) +
                                               "' was not kept; run with KeepStates::all");
}

const State& RunResult::state() const {
  static_cast<void>(output());
  return state(output_node);
}

Metrics RunResult::metrics() const {
  Metrics all;
  for (const auto& [name, source] : named_metrics(metric_sources(*this))) {
    all.emplace(pipeline + "." + name, stages.at(source.node)->metrics.at(source.metric));
  }
  return all;
}

RunResult try_run(const Graph& graph, const RunOptions& options) {
  Plan plan = make_plan(graph, options);
  Runner runner(plan, options);
  runner.run();
  RunResult result = collect_point(plan, runner, 0);
  result.output_node = plan.output;
  result.report = collect_report(plan, runner);
  if (options.observer != nullptr) tell_finished(*options.observer, result.report);
  return result;
}

RunResult run(const Graph& graph, const RunOptions& options) {
  RunResult result = try_run(graph, options);
  result.throw_if_failed();
  return result;
}

}  // namespace neve
