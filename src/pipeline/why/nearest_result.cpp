#include <neve/pipeline/nearest_result.hpp>

#include <algorithm>
#include <tuple>

#include <neve/base/error.hpp>
#include <neve/pipeline/recipe_changes.hpp>

namespace neve {
namespace {

/// Sorted, so that of results as near and as new the same is told each time.
std::vector<Key> keys_in(const DiskCache& cache) {
  constexpr std::size_t kBatch = 4096;
  std::vector<Key> keys;
  KeyWalk walk = cache.walk();
  for (std::vector<Key> batch = walk.next(kBatch); !batch.empty(); batch = walk.next(kBatch)) {
    keys.insert(keys.end(), std::make_move_iterator(batch.begin()), std::make_move_iterator(batch.end()));
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

/// Null if it cannot be read.
Json json_of(const std::string& recipe) {
  try {
    return recipe.empty() ? Json() : parse_json(recipe);
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace

StoredRecipes::StoredRecipes(DiskCache& cache) {
  for (const Key& key : keys_in(cache)) {
    auto info = cache.inspect(key);
    if (!info) continue;
    if (auto recipe = read_recipe(json_of(info->recipe)))
      stored_.push_back({key, std::move(*info), std::move(*recipe)});
  }
}

std::optional<NearestResult> StoredRecipes::nearest_to(const Json& recipe) const {
  const std::optional<ReadRecipe> wanted = read_recipe(recipe);
  if (!wanted) return std::nullopt;
  const std::string& node = wanted->recipe.node_id;
  using Rank = std::tuple<bool, std::size_t, std::int64_t>;
  std::optional<Rank> best;
  std::optional<NearestResult> nearest;
  for (const Stored& one : stored_) {
    const KeyRecipe& other = one.recipe.recipe;
    const bool same_stage = !node.empty() && other.node_id == node;
    if (!same_stage && other.op_name != wanted->recipe.op_name) continue;
    std::vector<std::string> changes = recipe_changes(one.recipe, *wanted);
    const Rank rank(!same_stage, changes.size(), -one.info.modified_at.time_since_epoch().count());
    if (best && *best <= rank) continue;
    best = rank;
    nearest = NearestResult{one.key, one.info, std::move(changes)};
  }
  return nearest;
}

}  // namespace neve
