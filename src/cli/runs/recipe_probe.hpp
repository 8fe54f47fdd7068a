#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <neve/cache/backend.hpp>
#include <neve/codec/json.hpp>
#include <neve/pipeline/graph.hpp>

namespace neve::cli {

/// What a run would find out about one stage, without computing anything. A plain value.
struct ProbedStage {
  enum class State {
    found,        ///< its result is in the cache
    missing,      ///< it would be computed; `key`, `recipe` and `reason` say what was looked for
    follows,      ///< its key depends on results that are missing: `waits_for`
    uncacheable,  ///< it has no exact key: `reason`
  };
  std::string node{};
  std::string op_name{};
  State state = State::missing;
  std::string key{};
  std::string reason{};
  Json recipe{};  ///< the key's ingredients as docs/formats/keys.md has them; null unless missing
  std::vector<std::string> waits_for{};
};

/// Asks the cache for every stage of the graph, in its order; stores and computes nothing.
[[nodiscard]] std::vector<ProbedStage> probe_recipes(const Graph& graph, const Json& policy,
                                                     std::shared_ptr<CacheBackend> cache);

}  // namespace neve::cli
