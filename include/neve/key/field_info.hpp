#pragma once

#include <string>
#include <vector>

#include <neve/codec/json.hpp>

namespace neve {

/// A field of a config struct as `--help`, completions and reports show it. A plain value.
struct FieldInfo {
  std::string name{};
  std::string type{};  ///< "number", "list of integer", "optional text", "choice", "group" (a nested struct), ...
  Json default_value{};
  bool required = false;  ///< has to be given; `default_value` is then null
  std::string unit{};
  std::string doc{};
  std::vector<std::string> constraints{};  ///< "above 0", "power of two", ...
  std::vector<std::string> choices{};      ///< the allowed values, as they are written; empty: any
  std::vector<FieldInfo> fields{};         ///< of a group, or of the groups in a list or map
};

/// As an object with the members above; empty ones are left out. Found by `Json json = info`.
void to_json(Json& json, const FieldInfo& info);

}  // namespace neve
