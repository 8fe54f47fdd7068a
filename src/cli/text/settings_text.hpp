#pragma once

#include <string>
#include <vector>

#include <neve/codec/json.hpp>

namespace neve::cli {

/// A setting of a stage or an argument of a function. A plain value.
struct Setting {
  std::string name;   ///< with dots, as `--set` takes it: "grid.n"
  std::string value;  ///< in words

  friend bool operator==(const Setting&, const Setting&) = default;
};

/// The settings in the config of a recipe, mappings taken apart; of what Python has encoded (python-values.md) the
/// fields of objects likewise, and the rest as a person would write it, without its tags. Digests are cut; a value that
/// is too long is cut, too, and has its digest behind it.
[[nodiscard]] std::vector<Setting> settings_of(const Json& config);

/// The settings and what else a key was made from, as far as it may differ between entries of one stage: version, a
/// digest of the command, and by "policy NAME", "input NAME", "needs NAME", "file NAME" and "env NAME" the rest.
[[nodiscard]] std::vector<Setting> ingredients_of(const Json& recipe);

/// For each list of settings what sets it apart from the others, "level=2, n=5"; everything if there is but one list;
/// thirty at most, and how many more there are.
/// The arguments of functions are called by their names alone.
[[nodiscard]] std::vector<std::string> differing_settings(const std::vector<std::vector<Setting>>& lists);

}  // namespace neve::cli
