#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/pipeline/text_place.hpp>

namespace neve {

/// Where something stands in a text: both counted from 1.
struct TextPosition {
  std::size_t line = 1;
  std::size_t column = 1;
};

/// A YAML value that remembers where it stood. Aliases are expanded. A plain value.
struct YamlNode {
  enum class Kind { null, scalar, sequence, mapping };
  struct Member;

  Kind kind = Kind::null;
  TextPosition position;
  std::string text;             ///< of a scalar, as written (quotes and escapes resolved)
  bool plain = false;           ///< a scalar without quotes, whose type the YAML 1.2 core schema decides
  std::vector<YamlNode> items;  ///< of a sequence
  std::vector<Member> members;  ///< of a mapping, in the order of the file

  /// The value of the member called `key`, or null if there is none.
  [[nodiscard]] const YamlNode* find(std::string_view key) const noexcept;
};

struct YamlNode::Member {
  std::string key;
  TextPosition position;  ///< of the key
  YamlNode value;
};

/// What a text may ask for before it is refused.
struct YamlLimits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t nodes = 100'000;                    ///< with aliases expanded
  std::size_t text_bytes = std::size_t{4} << 20;  ///< in scalars and names, with aliases expanded
  std::size_t depth = 64;
};

/// The single document in `text`; `name` is what error messages call it.
///
/// Throws `invalid_argument` as "name:line:column: what is wrong" for malformed YAML, text that is not UTF-8, no or
/// several documents, a name given twice in a mapping, names that are not text, tags, and merge keys; `too_large`
/// beyond `limits`.
[[nodiscard]] YamlNode parse_yaml(std::string_view text, std::string_view name, const YamlLimits& limits = {});

/// The place that messages call "name:line:column".
[[nodiscard]] TextPlace place_at(std::string_view name, TextPosition position);

/// The value a node stands for. Plain scalars are typed by the YAML 1.2 core schema (see
/// docs/formats/pipeline-file.md); quoted ones are text. Throws a `PlacedError` of `invalid_argument` for numbers no
/// 64-bit value can hold.
[[nodiscard]] Json to_json(const YamlNode& node, std::string_view name);

}  // namespace neve
