#include "pipeline/graph/plan.hpp"

#include <map>
#include <optional>
#include <set>

#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>

#include "pipeline/graph/graph_path.hpp"

namespace neve {
namespace {

[[noreturn]] void refuse(const std::string& pipeline, const Node& node, const std::string& problem) {
  throw Error(ErrorCode::invalid_argument,
              "pipeline '" + pipeline + "': node '" + node.id + "' (" + node.stage->op_name() + ") " + problem);
}

void check_slots(const std::string& pipeline, const Node& node, const Slots& slots, const Capacity& capacity) {
  if (slots.gpu > capacity.gpu) {
    refuse(pipeline, node,
           "asks for " + count_text(slots.gpu, "gpu slot", "gpu slots") + "; the run has " +
               std::to_string(capacity.gpu) + " (`RunOptions::capacity`, or --gpus N of neve run, gives it more)");
  }
  if (capacity.memory_bytes != 0 && slots.memory_bytes > capacity.memory_bytes) {
    refuse(
        pipeline, node,
        "asks for " + bytes_text(slots.memory_bytes) + " of memory; the run has " + bytes_text(capacity.memory_bytes));
  }
}

/// Dependencies enter the key by name and without order, but the inputs of a stage have an order. Names that are in
/// ascending order stand for themselves; otherwise each is prefixed by its position, so that swapped inputs get another
/// key.
std::vector<std::string> key_names(const std::vector<Need>& needs) {
  bool ascending = true;
  for (std::size_t i = 1; i < needs.size(); ++i) ascending = ascending && needs[i - 1].name < needs[i].name;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    names.push_back(ascending ? needs[i].name : std::to_string(i) + ":" + needs[i].name);
  }
  return names;
}

/// Stages ask for members by name: of anything else they would see nothing, and run on their own defaults.
void check_policy(const std::string& pipeline, const Json& policy) {
  if (policy.is_null() || policy.is_object()) return;
  throw Error(ErrorCode::invalid_argument, "pipeline '" + pipeline + "': the run's policy is " +
                                               (policy.is_array() ? "an " : "a ") + policy.type_name() +
                                               ", not an object of names and values, {{\"name\", value}}");
}

bool keeps_state(const RunOptions& options, const std::string& id, const std::string& output) {
  return options.keep == KeepStates::all || (options.keep == KeepStates::output && id == output);
}

/// Whether `id` is a node of `names`, or of a graph among them.
bool is_among(const std::set<std::string>& names, const std::string& id) {
  std::size_t end = id.size();
  while (!names.contains(id.substr(0, end))) {
    end = id.rfind('/', end - 1);
    if (end == std::string::npos) return false;
  }
  return true;
}

class Planner {
 public:
  Planner(const Graph& graph, const RunOptions& options, bool shares) : options_(options), shares_(shares) {
    check_policy(graph.name(), options.policy);
    for (const std::string& id : options.recompute) static_cast<void>(graph.node(id));
    plan_.pipeline = graph.name();
    plan_.output = graph.output();
    plan_.inner_outputs = graph.inner_outputs();
  }

  void add_point(const Graph& graph, const std::string& label, const std::string& folder) {
    std::vector<std::size_t>& point = plan_.points.emplace_back();
    for (Node& node : graph.ordered()) {
      const std::string id = node.id;
      const std::size_t position = place(std::move(node), point, label, folder);
      plan_.nodes[position].keeps_state = keeps_state(options_, id, plan_.output);
      point.push_back(position);
    }
  }

  [[nodiscard]] Plan take() {
    name_shared();
    return std::move(plan_);
  }

 private:
  std::size_t place(Node node, const std::vector<std::size_t>& point, const std::string& label,
                    const std::string& folder) {
    PlannedNode planned;
    planned.requirements = node.requirements();
    planned.label = label;
    planned.folder = folder;
    planned.recompute = is_among(options_.recompute, node.id);
    const std::vector<std::string> names = key_names(node.needs);
    for (std::size_t i = 0; i < names.size(); ++i) planned.needs.push_back({names[i], point[node.needs[i].position]});
    planned.node = std::move(node);
    const std::optional<std::string> identity = shares_ ? identity_of(planned) : std::nullopt;
    if (identity) {
      const auto [known, fresh] = known_.try_emplace(*identity, plan_.nodes.size());
      if (!fresh) return known->second;
    }
    check(planned);
    const std::size_t position = plan_.nodes.size();
    for (const PlannedNeed& need : planned.needs) plan_.nodes[need.node].dependents.push_back(position);
    plan_.nodes.push_back(std::move(planned));
    return position;
  }

  /// Within one sweep the stages of a node differ by their config only.
  static std::optional<std::string> identity_of(const PlannedNode& planned) {
    try {
      Json identity = {planned.node.id, planned.node.stage->config()};
      for (const PlannedNeed& need : planned.needs) identity.push_back(need.node);
      return dump_compact_json(identity);
    } catch (const Error&) {
      return std::nullopt;  // text that is not UTF-8: such nodes are not shared
    }
  }

  void check(PlannedNode& planned) const {
    const Node& node = planned.node;
    const std::optional<std::size_t> wanted = node.stage->input_count();
    planned.takes_run_input = node.needs.empty() && wanted != std::size_t{0} && (wanted || options_.input);
    if (planned.takes_run_input && !options_.input) {
      refuse(plan_.pipeline, node, "takes 1 input but needs no other node, and the run has no input state");
    }
    check_slots(plan_.pipeline, node, planned.requirements.slots, options_.capacity);
  }

  /// What every point has in common is not the first point's own.
  void name_shared() {
    if (!shares_) return;
    std::vector<std::size_t> uses(plan_.nodes.size());
    for (const std::vector<std::size_t>& point : plan_.points) {
      for (const std::size_t node : point) ++uses[node];
    }
    for (std::size_t i = 0; i < uses.size(); ++i) {
      if (uses[i] < plan_.points.size()) continue;
      plan_.nodes[i].folder = plan_.pipeline;
      if (plan_.points.size() > 1) plan_.nodes[i].label.clear();
    }
  }

  const RunOptions& options_;
  bool shares_;
  Plan plan_;
  std::map<std::string, std::size_t> known_;
};

/// Of a path and one within it the one that is set later would win, and the sweep's table show values nobody used.
void require_apart(const Graph& graph, const SweepPoint& point) {
  for (const auto& [outer, value] : point.settings) {
    for (const auto& [inner, other] : point.settings) {
      if (!lies_within(inner, outer) || node_of_path(graph.nodes(), outer) != node_of_path(graph.nodes(), inner))
        continue;
      throw Error(ErrorCode::invalid_argument, "pipeline '" + graph.name() + "': the sweep varies '" + inner +
                                                   "' and also '" + outer + "', which holds it; vary one of them");
    }
  }
}

std::string point_folder(const std::string& pipeline, std::size_t index, std::size_t count) {
  const std::size_t digits = std::to_string(count - 1).size();
  std::string number = std::to_string(index);
  number.insert(0, digits - number.size(), '0');
  return pipeline + "/point-" + number;
}

}  // namespace

Plan make_plan(const Graph& graph, const RunOptions& options) {
  Planner planner(graph, options, false);
  planner.add_point(graph.for_run(), "", graph.name());
  return planner.take();
}

Plan make_sweep_plan(const Graph& graph, std::span<const SweepPoint> points, const RunOptions& options) {
  Planner planner(graph, options, true);
  const Graph base = graph.for_run();  // before the points part, so that all of them see the same files
  if (!points.empty()) require_apart(graph, points.front());
  for (const SweepPoint& point : points) {
    Graph varied = base;
    varied.set(point.settings);
    planner.add_point(varied, point.label, point_folder(graph.name(), point.index, points.size()));
  }
  return planner.take();
}

}  // namespace neve
