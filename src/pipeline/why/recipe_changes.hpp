#pragma once

#include <optional>
#include <string>
#include <vector>

#include <neve/pipeline/nearest_result.hpp>

namespace neve {

/// Nothing if the recipe is of another format, or damaged.
[[nodiscard]] std::optional<ReadRecipe> read_recipe(const Json& recipe);

/// What differs from `before` to `after`, a line for a person each. Like `explain_difference`; where both say what
/// command ran, the lines of it that changed and the environment variables take the place of a digest, and where both
/// say what a version is made of, the pieces of code and the variables that changed.
[[nodiscard]] std::vector<std::string> recipe_changes(const ReadRecipe& before, const ReadRecipe& after);

}  // namespace neve
