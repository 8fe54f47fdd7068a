#include "pipeline/node/node_key.hpp"

#include <utility>

#include <neve/base/error.hpp>
#include <neve/key/key_record.hpp>

#include "pipeline/node/caught.hpp"

namespace neve {
namespace {

/// Name of the run's input state in key recipes.
constexpr const char* kInputName = "input";

/// Collects the parts of a record and the first reason why there can be none.
class Collector {
 public:
  explicit Collector(NodeKey& key) : key_(key) {}

  void fail(std::string reason) {
    if (key_.uncacheable) return;
    key_.uncacheable = true;
    key_.reason = std::move(reason);
  }
  template <class Part>
  void guarded(const Part& part) {
    try {
      part();
    } catch (...) {
      fail(caught_text());
    }
  }

 private:
  NodeKey& key_;
};

std::string input_hash(const PlannedNode& planned, const NodeKey& key, const RunServices& services) {
  std::map<std::string, std::string> inputs;
  if (planned.takes_run_input && services.state_hash.digest) inputs.emplace(kInputName, *services.state_hash.digest);
  if (inputs.empty() && key.files.empty()) return services.no_input_hash;
  return combined_input_hash(inputs, key.files);
}

}  // namespace

NodeKey make_node_key(const PlannedNode& planned, std::span<const StageResultPtr> dependencies,
                      const RunServices& services, const ReadingWatch& watch, Provenance& provenance) {
  const AnyStage& stage = *planned.node.stage;
  NodeKey key;
  Collector collector(key);
  KeyRecord record{.node_id = planned.node.id, .op_name = stage.op_name(), .version = stage.version()};
  provenance.op_name = record.op_name;
  provenance.version = record.version;
  collector.guarded([&] { provenance.config_hash = stage.config_hash(); });
  collector.guarded([&] { key.files = stage.input_files(watch); });
  for (std::size_t i = 0; i < planned.needs.size(); ++i) {
    const std::optional<std::string>& digest = dependencies[i]->provenance.output_hash;
    provenance.dep_hashes.emplace(planned.needs[i].name, digest);
    if (digest) record.dep_hashes.emplace(planned.needs[i].name, *digest);
    if (!digest) collector.fail("the state of '" + planned.node.needs[i].name + "' cannot be hashed");
  }
  provenance.policy_hash = services.policy_hash.digest;
  if (!services.policy_hash.problem.empty()) collector.fail(services.policy_hash.problem);
  if (planned.takes_run_input && !services.state_hash.digest) collector.fail(services.state_hash.problem);
  if (key.uncacheable) return key;
  collector.guarded([&] {
    record.cfg_hash = provenance.config_hash;
    record.policy_hash = provenance.policy_hash;
    record.input_hash = input_hash(planned, key, services);
    provenance.input_hash = record.input_hash;
    key.key = record.key();
  });
  return key;
}

std::string recipe_text(const PlannedNode& planned, const NodeKey& key, const RunServices& services,
                        const Provenance& provenance) {
  const AnyStage& stage = *planned.node.stage;
  KeyRecipe recipe{.node_id = planned.node.id,
                   .op_name = stage.op_name(),
                   .version = stage.version(),
                   .config = std::make_optional<Json>(stage.config()),  // a Json would convert to it in two ways
                   .config_hash = provenance.config_hash,
                   .policy = {},
                   .inputs = {},
                   .files = key.files,
                   .dependencies = {}};
  if (!services.policy.is_null()) recipe.policy = services.policy;
  if (planned.takes_run_input) recipe.inputs.emplace(kInputName, services.state_hash.digest.value_or(""));
  for (const auto& [name, digest] : provenance.dep_hashes) recipe.dependencies.emplace(name, digest.value_or(""));
  Json json = recipe.to_json();
  if (Json besides = stage.hashed_besides(); !besides.is_null()) json["hashed_besides"] = std::move(besides);
  return dump_compact_json(json);
}

}  // namespace neve
