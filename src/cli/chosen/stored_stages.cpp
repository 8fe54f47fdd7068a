#include "cli/chosen/stored_stages.hpp"

#include <set>

#include <neve/base/nearest.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/text/entry_recipe.hpp"

namespace neve::cli {

std::string stage_of(const EntryInfo& info) {
  const Json recipe = recipe_json(info.recipe);
  if (!recipe.is_object()) return "-";
  const auto node = recipe.find("node_id");
  return node == recipe.end() || !node->is_string() ? "-" : node->get<std::string>();
}

std::vector<std::string> stages_in(DiskCache& cache) {
  std::set<std::string> stages;
  for (const Key& key : all_keys(cache)) {
    if (const auto info = cache.inspect(key)) stages.insert(stage_of(*info));
  }
  stages.erase("-");
  return {stages.begin(), stages.end()};
}

std::string nothing_of_stage(const std::string& stage, DiskCache& cache) {
  const std::vector<std::string> stages = stages_in(cache);
  return "no entry is of a stage '" + stage + "'" + (stages.empty() ? "" : suggestion(stage, stages));
}

}  // namespace neve::cli
