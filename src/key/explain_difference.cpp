#include <string>
#include <string_view>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/codec/json_path.hpp>
#include <neve/key/digests.hpp>
#include <neve/key/key_recipe.hpp>

#include "key/short_json.hpp"

namespace neve {
namespace {

using Lines = std::vector<std::string>;

std::string arrow(const std::string& before, const std::string& after) { return before + " → " + after; }

constexpr std::size_t kShownDigest = 12;

/// A digest is cut: that it is another one is all that a person takes from it.
std::string shown(const Json& value) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() == 64 && only_hex_digits(text)) return text.substr(0, kShownDigest);
  }
  return short_json(value);
}

void compare_text(Lines& lines, std::string_view what, const std::string& before, const std::string& after) {
  if (before != after) lines.push_back(std::string(what) + ": " + arrow(short_json(before), short_json(after)));
}

/// Walks two JSON trees side by side and notes where they part. Leaves are compared as they are printed, since that is
/// what is hashed: 1 and 1.0 differ, and so do 0.0 and -0.0.
class TreeComparison {
 public:
  TreeComparison(Lines& lines, std::string_view root) : lines_(lines), root_(root) {}

  void compare(const Json& before, const Json& after, const JsonPath& path) {
    if (before.is_object() && after.is_object()) {
      compare_objects(before, after, path);
    } else if (before.is_array() && after.is_array() && before.size() == after.size()) {
      for (std::size_t i = 0; i < before.size(); ++i) compare(before[i], after[i], JsonPath(path, i));
    } else if (dump_compact_json(before) != dump_compact_json(after)) {
      note(path, arrow(shown(before), shown(after)));
    }
  }

 private:
  void compare_objects(const Json& before, const Json& after, const JsonPath& path) {
    for (const auto& [name, value] : before.items()) {
      const JsonPath member(path, name);
      if (const auto found = after.find(name); found != after.end()) {
        compare(value, *found, member);
      } else {
        note(member, "removed (was " + shown(value) + ")");
      }
    }
    for (const auto& [name, value] : after.items()) {
      if (!before.contains(name)) note(JsonPath(path, name), "added (" + shown(value) + ")");
    }
  }

  void note(const JsonPath& path, const std::string& change) {
    const std::string place = path.dotted();
    const bool bracket = place.empty() || place.front() == '[';
    lines_.push_back(root_ + (bracket ? "" : ".") + place + ": " + change);
  }

  Lines& lines_;
  std::string root_;
};

void compare_optional(Lines& lines, const std::string& what, const std::optional<Json>& before,
                      const std::optional<Json>& after) {
  if (before && after) {
    TreeComparison(lines, what).compare(*before, *after, JsonPath());
  } else if (before) {
    lines.push_back(what + ": removed (was " + short_json(*before) + ")");
  } else if (after) {
    lines.push_back(what + ": added (" + short_json(*after) + ")");
  }
}

std::string detail(const std::string& before, const std::string& after) {
  return " (" + arrow(before.substr(0, kShownDigest), after.substr(0, kShownDigest)) + ")";
}

std::string detail(const InputFile& before, const InputFile& after) {
  if (before.executable != after.executable) return after.executable ? " (now executable)" : " (no longer executable)";
  if (before.bytes == after.bytes) return detail(before.sha256, after.sha256);
  return " (" + arrow(std::to_string(before.bytes), std::to_string(after.bytes)) + " bytes)";
}

template <class Value>
void compare_maps(Lines& lines, const std::string& what, const std::map<std::string, Value>& before,
                  const std::map<std::string, Value>& after) {
  for (const auto& [name, value] : before) {
    const auto found = after.find(name);
    if (found == after.end()) {
      lines.push_back(what + " '" + name + "' removed");
    } else if (found->second != value) {
      lines.push_back(what + " '" + name + "' changed" + detail(value, found->second));
    }
  }
  for (const auto& [name, value] : after) {
    if (!before.contains(name)) lines.push_back(what + " '" + name + "' added");
  }
}

/// Absent also where the config has no exact digest.
std::optional<std::string> config_digest_of(const KeyRecipe& recipe) {
  if (recipe.config_hash || !recipe.config) return recipe.config_hash;
  try {
    return config_digest(*recipe.config);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void compare_configs(Lines& lines, const KeyRecipe& before, const KeyRecipe& after) {
  const auto old_digest = config_digest_of(before);
  const auto new_digest = config_digest_of(after);
  if (old_digest && old_digest == new_digest) return;
  const std::size_t known = lines.size();
  compare_optional(lines, "config", before.config, after.config);
  if (lines.size() > known || old_digest == new_digest) return;
  // A digest that the stage made itself says that something changed, not what.
  lines.push_back(old_digest && new_digest
                      ? "what the stage hashes besides its config changed" + detail(*old_digest, *new_digest)
                      : std::string("digest of the config: ") + (new_digest ? "added" : "removed"));
}

}  // namespace

std::vector<std::string> explain_difference(const KeyRecipe& before, const KeyRecipe& after) {
  Lines lines;
  compare_text(lines, "node", before.node_id, after.node_id);
  compare_text(lines, "operation", before.op_name, after.op_name);
  compare_text(lines, "version", before.version, after.version);
  compare_configs(lines, before, after);
  compare_optional(lines, "policy", before.policy, after.policy);
  compare_maps(lines, "input", before.inputs, after.inputs);
  compare_maps(lines, "file", before.files, after.files);
  compare_maps(lines, "dependency", before.dependencies, after.dependencies);
  return lines;
}

std::vector<std::string> explain_difference(const Json& before, const Json& after, std::string_view name) {
  Lines lines;
  TreeComparison(lines, name).compare(before, after, JsonPath());
  return lines;
}

}  // namespace neve
