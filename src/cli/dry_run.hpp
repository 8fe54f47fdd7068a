#pragma once

#include <neve/pipeline/graph.hpp>

namespace neve::cli {

/// The same graph with stages that refuse to compute, so that running it finds out what the cache has: a stage whose
/// result is there is a hit, one that would be computed fails, and what needs that one is skipped, since its key
/// depends on a result nobody has yet.
[[nodiscard]] Graph without_computing(const Graph& graph);

}  // namespace neve::cli
