#pragma once

#include <optional>
#include <string>
#include <vector>

#include <neve/key/key_recipe.hpp>

namespace neve {

/// A key's recipe with what it says beside the key's own members. A plain value.
struct ReadRecipe {
  KeyRecipe recipe;
  Json besides{};  ///< what is hashed besides the config and readable (docs/formats/keys.md); null: not known
};

/// Nothing if the recipe is of another format, or damaged.
[[nodiscard]] std::optional<ReadRecipe> read_recipe(const Json& recipe);

/// What differs from `before` to `after`, a line for a person each. Like `explain_difference`; where both say what
/// command ran, the lines of it that changed and the environment variables take the place of a digest, and where both
/// say what a version is made of, the pieces of code and the variables that changed.
[[nodiscard]] std::vector<std::string> recipe_changes(const ReadRecipe& before, const ReadRecipe& after);

}  // namespace neve
