#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <neve/pipeline/graph.hpp>

namespace neve {

/// Either an order or the reason there is none.
struct TopologicalOrder {
  std::vector<std::size_t> indices;  ///< every node after what it needs, otherwise as added
  std::vector<std::string>
      cycle;  ///< ids of nodes each of which needs the next, the last the first; empty if there is none
};

/// Orders nodes whose needs are resolved, with positions in `nodes`.
[[nodiscard]] TopologicalOrder topological_order(std::span<const Node> nodes);

}  // namespace neve
