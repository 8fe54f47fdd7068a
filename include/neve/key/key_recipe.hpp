#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/key/input_file.hpp>
#include <neve/key/key_outcome.hpp>
#include <neve/key/key_record.hpp>

namespace neve {

/// What a key is made from, readable: it is kept beside the entry, so that a person can see what a result depends on
/// and what changed when it is computed again. A plain value; its JSON form is defined in docs/formats/keys.md.
struct KeyRecipe {
  std::string node_id{};
  std::string op_name{};
  std::string version{};

  std::optional<Json> config{};  ///< absent: the stage has none
  /// Given by stages for which more counts than the config, or which hashed it before; absent: the config's digest.
  std::optional<std::string> config_hash{};
  std::optional<Json> policy{};  ///< absent: the run has none

  /// Digests of the states that came from outside the graph, by name. One that is called `input` and stands alone is
  /// hashed as phys-pipeline does; see `combined_input_hash`.
  std::map<std::string, std::string> inputs{};
  std::map<std::string, InputFile> files{};           ///< declared input files, by the name the stage knows them under
  std::map<std::string, std::string> dependencies{};  ///< digests of the results of other nodes, by name

  /// The ingredients as they are hashed. Throws what `config_digest` and `policy_digest` throw.
  [[nodiscard]] KeyRecord record() const;
  /// The key, or the reason why these ingredients have no exact one.
  [[nodiscard]] KeyOutcome key() const;

  /// Throws what `record` throws.
  [[nodiscard]] Json to_json() const;
  /// Reads what `to_json` made. Throws `corrupt`, naming the member, if it is something else or contradicts itself, and
  /// `unsupported` for a recipe of a later format or another cache version.
  [[nodiscard]] static KeyRecipe from_json(const Json& json);

  friend bool operator==(const KeyRecipe&, const KeyRecipe&) = default;
};

/// The `input_hash` of a key for these inputs and files.
[[nodiscard]] std::string combined_input_hash(const std::map<std::string, std::string>& inputs,
                                              const std::map<std::string, InputFile>& files);

/// What differs from `before` to `after`, a line for a person each: `config.length_m: 0.15 → 0.2`,
/// `input 'source' changed`. Empty if both give the same key.
[[nodiscard]] std::vector<std::string> explain_difference(const KeyRecipe& before, const KeyRecipe& after);
/// The same of two values that are called `name`.
[[nodiscard]] std::vector<std::string> explain_difference(const Json& before, const Json& after, std::string_view name);

}  // namespace neve
