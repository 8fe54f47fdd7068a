#pragma once

#include <neve/pipeline/graph.hpp>
#include <neve/pipeline/sweep.hpp>

namespace neve::python {

/// A graph as Python holds it, and the sweep and policy that its pipeline file asks for.
struct GraphObject {
  Graph graph;
  Sweep sweep{};
  Json policy = nullptr;
};

}  // namespace neve::python
