#pragma once

#include <string>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/pipeline/graph.hpp>
#include <neve/pipeline/run_options.hpp>

namespace neve {

/// What a run would find out about one stage, without computing anything. A plain value.
struct ProbedStage {
  enum class State {
    found,        ///< its result is in the cache
    missing,      ///< it would be computed; `key`, `recipe` and `reason` say what was looked for
    follows,      ///< its key depends on results that are missing: `waits_for`
    uncacheable,  ///< it has no exact key, or nobody wants its result kept: `reason`
  };
  std::string node{};
  std::string op_name{};
  State state = State::missing;
  std::string key{};
  std::string reason{};
  Json recipe{};  ///< the key's ingredients as docs/formats/keys.md has them; null unless missing
  std::vector<std::string> waits_for{};
};

/// What is told of the state: "found", "would be computed", "follows", "cannot be cached".
[[nodiscard]] std::string_view to_string(ProbedStage::State state);

/// Asks the cache for every stage of the graph, in its order; stores and computes nothing. Of `options` the cache, the
/// policy, the input and the stop token are looked at; without a cache nothing is found.
///
/// Errors: as `try_run` for a graph that is not complete. Cost and threads: hits are read; may run beside runs of the
/// same keys in this process, which are given nothing of it.
[[nodiscard]] std::vector<ProbedStage> probe_recipes(const Graph& graph, const RunOptions& options);

}  // namespace neve
