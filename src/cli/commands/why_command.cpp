#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>
#include <neve/pipeline/nearest_result.hpp>
#include <neve/pipeline/recipe_probe.hpp>
#include <neve/pipeline/sweep.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/chosen/pipeline_choice.hpp"
#include "cli/commands/commands.hpp"
#include "cli/text/json_output.hpp"
#include "cli/text/time_text.hpp"

namespace neve::cli {
namespace {

using State = ProbedStage::State;

/// `'a' is`, `'a', 'b' are`.
std::string they_are(const std::vector<std::string>& names) {
  return fmt::format("'{}' {}", fmt::join(names, "', '"), names.size() == 1 ? "is" : "are");
}

void print_stage(const ProbedStage& stage, const std::string& label, const std::optional<NearestResult>& nearest,
                 TimePoint now) {
  fmt::print("{}{}: {}", printable(stage.node), label.empty() ? "" : " [" + printable(label) + "]",
             to_string(stage.state));
  if (stage.state == State::follows) fmt::print(" once {} computed", they_are(stage.waits_for));
  if (stage.state == State::uncacheable) fmt::print(": {}", printable(stage.reason));
  fmt::print("\n");
  if (stage.state != State::missing) return;
  if (!nearest) {
    fmt::print("  no result of '{}' is stored\n", printable(stage.op_name));
    return;
  }
  if (nearest->changes.empty()) {
    fmt::print("  its entry {} is no hit: {}\n", stage.key.substr(0, 16), printable(stage.reason));
    return;
  }
  const EntryInfo& info = nearest->info;
  fmt::print("  nearest stored result: {}, stored {}{}\n", nearest->key.text().substr(0, 16),
             relative_text(info.modified_at, now),
             info.compute_s > 0 ? ", computed in " + seconds_text(info.compute_s) : "");
  for (const std::string& change : nearest->changes) fmt::print("    {}\n", printable(change));
}

Json stage_json(const ProbedStage& stage, const std::string& label, const std::optional<NearestResult>& nearest) {
  Json json = {{"stage", stage.node}, {"op_name", stage.op_name}, {"outcome", to_string(stage.state)}};
  if (!label.empty()) json["label"] = label;
  if (!stage.key.empty()) json["key"] = stage.key;
  if (!stage.reason.empty()) json["reason"] = stage.reason;
  if (!stage.waits_for.empty()) json["waits_for"] = stage.waits_for;
  if (nearest) json["nearest"] = {{"key", nearest->key.text()}, {"changes", nearest->changes}};
  return json;
}

void require_stage(const Graph& graph, const std::string& wanted) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes()) names.push_back(node.id);
  if (std::find(names.begin(), names.end(), wanted) != names.end()) return;
  throw Error(ErrorCode::invalid_argument, "no stage '" + wanted + "'" + suggestion(wanted, names));
}

/// A stage at the first point of the sweep that comes to it. A plain value.
struct PointStage {
  std::string label;  ///< of the point; empty without a sweep
  ProbedStage stage;
};

/// The stages of all points, those that several have in common once. Every missing one is compared with all that is
/// stored, so there is an end to it: `left` says how many points were not looked at.
struct AllStages {
  std::vector<PointStage> stages;
  std::size_t left = 0;
};

AllStages probe_points(const Graph& graph, const Sweep& sweep, const RunOptions& options) {
  constexpr std::size_t kMostMissing = 50;
  AllStages all;
  std::set<std::pair<std::string, std::string>> told;
  std::size_t missing = 0;
  const std::vector<SweepPoint> points = sweep.points();
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (missing >= kMostMissing) {
      all.left = points.size() - i;
      break;
    }
    Graph at_point = graph;
    at_point.set(points[i].settings);
    for (ProbedStage& stage : probe_recipes(at_point, options)) {
      if (!stage.key.empty() && !told.emplace(stage.node, stage.key).second) continue;
      if (stage.state == State::missing) ++missing;
      all.stages.push_back({points[i].label, std::move(stage)});
    }
  }
  return all;
}

}  // namespace

ExitCode why_command(const WhyArguments& arguments, const Surroundings& surroundings) {
  const PipelineFile file = read_chosen_pipeline(arguments);
  const Graph graph = make_graph(file, surroundings.registry, command_surroundings(arguments, surroundings));
  const Sweep sweep = make_sweep(file, graph);
  if (!arguments.stage.empty()) require_stage(graph, arguments.stage);
  const std::shared_ptr<DiskCache> cache = open_disk(surroundings.cache_url(arguments.cache), Purpose::look);
  RunOptions options;
  options.cache = cache.get();
  options.policy = file.policy.values;
  const AllStages all = probe_points(graph, sweep, options);

  const StoredRecipes stored(*cache);
  const TimePoint now = Clock::system().now();
  Json list = Json::array();
  for (const auto& [label, stage] : all.stages) {
    if (!arguments.stage.empty() && stage.node != arguments.stage) continue;
    const std::optional<NearestResult> nearest = stored.nearest_to(stage.recipe);
    if (arguments.json) {
      list.push_back(stage_json(stage, label, nearest));
    } else {
      print_stage(stage, label, nearest, now);
    }
  }
  if (arguments.json) {
    print_json({{"stages", std::move(list)}, {"points_left", all.left}});
  } else if (all.left > 0) {
    fmt::print("the sweep has {} more that were not looked at\n", count_text(all.left, "point", "points"));
  }
  return ExitCode::ok;
}

}  // namespace neve::cli
