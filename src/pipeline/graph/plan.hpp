#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <neve/pipeline/graph.hpp>
#include <neve/pipeline/run_options.hpp>
#include <neve/pipeline/sweep.hpp>

namespace neve {

/// A dependency in a plan: whose state, and under which name it enters the key.
struct PlannedNeed {
  std::string name;
  std::size_t node;
};

/// One thing to do. Several sweep points may want it.
struct PlannedNode {
  Node node;
  Requirements requirements;
  std::vector<PlannedNeed> needs;
  std::vector<std::size_t> dependents;
  bool takes_run_input = false;
  bool keeps_state = true;
  bool recompute = false;  ///< whatever is stored
  std::string label;       ///< of the first point that wants it; empty if all do
  std::string folder;      ///< where its artifacts go, below the recording folder
};

/// Everything a run will do, each node after what it needs. A plain value.
struct Plan {
  std::string pipeline;
  std::string output;  ///< id of the output node; empty if there is no single one
  std::map<std::string, std::string, std::less<>> inner_outputs;  ///< as in `Graph`
  std::deque<PlannedNode> nodes;                                  ///< of a large sweep no copies while it grows
  std::vector<std::vector<std::size_t>> points;  ///< per point the indices of its nodes, in the graph's order
};

/// The plan for one graph. Throws `invalid_argument` as `try_run` says.
[[nodiscard]] Plan make_plan(const Graph& graph, const RunOptions& options);

/// The plan for a graph at every point: nodes with the same id, config and needs are planned once. Throws as
/// `run_sweep`.
[[nodiscard]] Plan make_sweep_plan(const Graph& graph, std::span<const SweepPoint> points, const RunOptions& options);

}  // namespace neve
