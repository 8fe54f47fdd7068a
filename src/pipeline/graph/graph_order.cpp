#include "pipeline/graph/graph_order.hpp"

#include <algorithm>
#include <functional>
#include <queue>

namespace neve {
namespace {

using Adjacency = std::vector<std::vector<std::size_t>>;

Adjacency positions_of_needs(std::span<const Node> nodes) {
  Adjacency needs(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const Need& need : nodes[i].needs) needs[i].push_back(need.position);
  }
  return needs;
}

/// A cycle among nodes that all need another of them: following needs must come back to where it was.
std::vector<std::size_t> find_cycle(const Adjacency& needs, const std::vector<bool>& ordered) {
  std::size_t current = static_cast<std::size_t>(std::find(ordered.begin(), ordered.end(), false) - ordered.begin());
  std::vector<std::size_t> path;
  for (;;) {
    const auto seen = std::find(path.begin(), path.end(), current);
    if (seen != path.end()) return {seen, path.end()};
    path.push_back(current);
    current =
        *std::find_if(needs[current].begin(), needs[current].end(), [&](std::size_t need) { return !ordered[need]; });
  }
}

}  // namespace

TopologicalOrder topological_order(std::span<const Node> nodes) {
  const Adjacency needs = positions_of_needs(nodes);
  Adjacency dependents(nodes.size());
  std::vector<std::size_t> missing(nodes.size());
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    missing[i] = needs[i].size();
    for (const std::size_t need : needs[i]) dependents[need].push_back(i);
    if (missing[i] == 0) ready.push(i);
  }
  TopologicalOrder order;
  std::vector<bool> ordered(nodes.size(), false);
  while (!ready.empty()) {
    const std::size_t node = ready.top();
    ready.pop();
    order.indices.push_back(node);
    ordered[node] = true;
    for (const std::size_t dependent : dependents[node]) {
      if (--missing[dependent] == 0) ready.push(dependent);
    }
  }
  if (order.indices.size() < nodes.size()) {
    for (const std::size_t i : find_cycle(needs, ordered)) order.cycle.push_back(nodes[i].id);
  }
  return order;
}

}  // namespace neve
