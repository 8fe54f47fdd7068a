#include "cli/text/metadata_difference.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <neve/codec/json_path.hpp>

namespace neve::cli {
namespace {

/// The tag of a value that Python has encoded (docs/formats/python-values.md), such as "dict"; else empty.
std::string python_tag(const Json& value) {
  if (!value.is_object() || value.size() != 2 || !value.contains("of")) return "";
  const auto tag = value.find("$");
  return tag != value.end() && tag->is_string() ? tag->get<std::string>() : "";
}

/// An encoded dict whose keys are texts.
struct Dict {
  std::vector<std::string> order;
  std::map<std::string, const Json*> values;
};

/// Nothing if its keys are no texts.
std::optional<Dict> dict_of(const Json& pairs) {
  Dict dict;
  if (!pairs.is_array()) return std::nullopt;
  for (const Json& pair : pairs) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) return std::nullopt;
    dict.order.push_back(pair[0].get<std::string>());
    if (!dict.values.emplace(dict.order.back(), &pair[1]).second) return std::nullopt;
  }
  return dict;
}

/// Walks two trees of metadata side by side and notes where they part.
class MetadataComparison {
 public:
  void compare(const Json& before, const Json& after, const JsonPath& path) {
    if (const std::string tag = python_tag(before); !tag.empty() && tag == python_tag(after)) {
      if (tag != "dict" || !compare_dicts(before, after, path)) compare(before["of"], after["of"], path);
    } else if (before.is_object() && after.is_object()) {
      compare_members(before, after, path);
    } else if (before.is_array() && after.is_array()) {
      compare_elements(before, after, path);
    } else if (dump_compact_json(before) != dump_compact_json(after)) {  // 1 is not 1.0, and NaN is NaN
      note(path, &before, &after);
    }
  }

  [[nodiscard]] Json take() && { return std::move(changes_); }

 private:
  void compare_members(const Json& before, const Json& after, const JsonPath& path) {
    std::set<std::string> names;
    for (const Json* side : {&before, &after}) {
      for (const auto& [name, value] : side->items()) names.insert(name);
    }
    for (const std::string& name : names) {
      const auto a = before.find(name), b = after.find(name);
      compare_or_note(a == before.end() ? nullptr : &*a, b == after.end() ? nullptr : &*b, JsonPath(path, name));
    }
  }

  /// False if they are no dicts by names.
  bool compare_dicts(const Json& before, const Json& after, const JsonPath& path) {
    const auto a = dict_of(before["of"]), b = dict_of(after["of"]);
    if (!a || !b) return false;
    std::set<std::string> names(a->order.begin(), a->order.end());
    names.insert(b->order.begin(), b->order.end());
    const bool same_names = names.size() == a->order.size() && names.size() == b->order.size();
    if (same_names && a->order != b->order) {
      note(path, &before, &after);
      return true;
    }
    for (const std::string& name : names) {
      const auto one = a->values.find(name), other = b->values.find(name);
      compare_or_note(one == a->values.end() ? nullptr : one->second,
                      other == b->values.end() ? nullptr : other->second, JsonPath(path, name));
    }
    return true;
  }

  void compare_elements(const Json& before, const Json& after, const JsonPath& path) {
    for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
      compare_or_note(i < before.size() ? &before[i] : nullptr, i < after.size() ? &after[i] : nullptr,
                      JsonPath(path, i));
    }
  }

  void compare_or_note(const Json* before, const Json* after, const JsonPath& path) {
    if (before != nullptr && after != nullptr) {
      compare(*before, *after, path);
    } else {
      note(path, before, after);
    }
  }

  void note(const JsonPath& path, const Json* before, const Json* after) {
    Json change{{"path", path.dotted()}};
    if (before != nullptr) change["before"] = *before;
    if (after != nullptr) change["after"] = *after;
    changes_.push_back(std::move(change));
  }

  Json changes_ = Json::array();
};

}  // namespace

Json metadata_difference(Json a, Json b) {
  for (Json* side : {&a, &b}) side->erase("output_hash");  // says only that the rest is not the same
  MetadataComparison comparison;
  comparison.compare(a, b, JsonPath());
  return std::move(comparison).take();
}

}  // namespace neve::cli
