#include "cli/chosen/stored_stages.hpp"

#include <set>

#include <neve/base/nearest.hpp>

#include "cli/chosen/cache_choice.hpp"
#include "cli/text/entry_recipe.hpp"

namespace neve::cli {

namespace {

constexpr const char* kRecentCalls = "(recent calls)";

}  // namespace

std::string stage_of(const Key& key, const EntryInfo& info) {
  const Json recipe = recipe_json(info.recipe);
  if (!recipe.is_object()) return key.text().starts_with("recent-") ? kRecentCalls : "-";
  const auto node = recipe.find("node_id");
  return node == recipe.end() || !node->is_string() ? "-" : node->get<std::string>();
}

std::vector<std::string> stages_in(DiskCache& cache) {
  std::set<std::string> stages;
  for (const Key& key : all_keys(cache)) {
    if (const auto info = cache.inspect(key)) stages.insert(stage_of(key, *info));
  }
  stages.erase("-");
  stages.erase(kRecentCalls);
  return {stages.begin(), stages.end()};
}

std::string nothing_of_stage(const std::string& stage, DiskCache& cache) {
  const std::vector<std::string> stages = stages_in(cache);
  const std::string said = "no entry is of a stage '" + stage + "'";
  std::string functions;
  for (const std::string& known : stages) {
    if (known.ends_with("." + stage)) functions += (functions.empty() ? "'" : " or '") + known + "'";
  }
  if (!functions.empty()) return said + " (did you mean " + functions + "?)";
  return said + (stages.empty() ? "" : suggestion(stage, stages));
}

}  // namespace neve::cli
