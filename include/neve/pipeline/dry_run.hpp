#pragma once

#include <neve/pipeline/graph.hpp>

namespace neve {

/// The same graph with stages that refuse to compute, so that running it finds out what the cache has: a stage whose
/// result is there is a hit, one that would be computed fails, and what needs that one is skipped, since its key
/// depends on a result nobody has yet.
[[nodiscard]] Graph without_computing(const Graph& graph);

/// The same graph with stages that give an empty state instead of computing, so that a run gets past what is missing.
/// What such a run stores is worthless and must go nowhere.
[[nodiscard]] Graph pretending_to_compute(const Graph& graph);

}  // namespace neve
