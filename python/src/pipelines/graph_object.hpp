#pragma once

#include <string>
#include <vector>

#include <neve/pipeline/graph.hpp>
#include <neve/pipeline/sweep.hpp>

namespace neve::python {

/// A graph as Python holds it, and the sweep and policy that its pipeline file asks for.
struct GraphObject {
  Graph graph;
  Sweep sweep{};
  std::vector<std::string> swept_only{};  ///< settings that are the sweep's first point's, since nobody gave them
  Json policy = nullptr;
};

}  // namespace neve::python
