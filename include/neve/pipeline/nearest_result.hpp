#pragma once

#include <optional>
#include <string>
#include <vector>

#include <neve/cache/disk_cache.hpp>
#include <neve/pipeline/recipe_changes.hpp>

namespace neve {

/// The stored result nearest to one that is missing, and what is different. A plain value.
struct NearestResult {
  Key key;
  EntryInfo info;
  std::vector<std::string>
      changes;  ///< from it to what is missing, a line for a person each; none: the key is the same
};

/// The ingredients of all keys in a folder, to say of results that are missing what has changed. Const methods are safe
/// from any thread.
class StoredRecipes {
 public:
  /// Reads the seal of every entry: some microseconds each.
  explicit StoredRecipes(DiskCache& cache);

  /// `recipe` as docs/formats/keys.md has it. Results of the same stage come before others of the same operation, also
  /// if the stage does something else by now, as a command whose text was edited; then the fewest changes; then the
  /// newest. Nothing if there is none of either, or the recipe is of another format or damaged.
  [[nodiscard]] std::optional<NearestResult> nearest_to(const Json& recipe) const;

 private:
  struct Stored {
    Key key;
    EntryInfo info;
    ReadRecipe recipe;
  };

  std::vector<Stored> stored_;
};

}  // namespace neve
