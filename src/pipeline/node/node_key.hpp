#pragma once

#include <optional>
#include <span>
#include <string>

#include <neve/key/key_recipe.hpp>
#include <neve/pipeline/stage_result.hpp>

#include "pipeline/graph/plan.hpp"
#include "pipeline/node/run_services.hpp"

namespace neve {

/// The key of a node in a run, or why it has none.
struct NodeKey {
  std::optional<Key> key{};
  std::string reason{};
  bool uncacheable = false;  ///< the reason is that something cannot be hashed, not that nobody wants the result cached
  std::map<std::string, InputFile> files{};
};

/// Composes the key from the config's digest, the run's and the digests of what `dependencies` gave (contract C3), and
/// writes every digest into `provenance`. Hashes nothing but the few hundred bytes of the record, and the declared
/// files, which `watch` hears of.
[[nodiscard]] NodeKey make_node_key(const PlannedNode& planned, std::span<const StageResultPtr> dependencies,
                                    const RunServices& services, const ReadingWatch& watch, Provenance& provenance);

/// The readable ingredients of a key made by `make_node_key`, as compact JSON.
[[nodiscard]] std::string recipe_text(const PlannedNode& planned, const NodeKey& key, const RunServices& services,
                                      const Provenance& provenance);

}  // namespace neve
