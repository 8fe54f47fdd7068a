#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <neve/codec/json.hpp>
#include <neve/key/key.hpp>

namespace neve {

/// The `cache_version` of every key composed here; phys-pipeline 2.0's.
inline constexpr std::string_view kCacheVersion = "v2";

/// The ingredients of a key as they are hashed (contract C3, docs/formats/keys.md). A plain value.
struct KeyRecord {
  std::string node_id{};
  std::string op_name{};
  std::string version{};
  std::optional<std::string> cfg_hash{};            ///< absent: the stage has no config
  std::string input_hash{};                         ///< of what came from outside the graph
  std::map<std::string, std::string> dep_hashes{};  ///< digest of each dependency's result
  std::optional<std::string> policy_hash{};         ///< absent: the run has no policies

  /// The object whose compact text the key is the SHA-256 of.
  [[nodiscard]] Json to_json() const;
  /// Throws `invalid_argument` for names that are not UTF-8.
  [[nodiscard]] Key key() const;

  friend bool operator==(const KeyRecord&, const KeyRecord&) = default;
};

}  // namespace neve
