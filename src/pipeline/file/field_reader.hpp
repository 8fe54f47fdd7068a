#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <neve/pipeline/pipeline_file.hpp>

#include "pipeline/file/mistakes.hpp"
#include "pipeline/file/yaml_tree.hpp"

namespace neve {

/// Reads the fields of one mapping and words the errors: every message begins with the place and names the field, its
/// owner and what was expected. Borrows everything; not thread-safe.
class FieldReader {
 public:
  /// `owner` completes "field 'x' of ...": "stage 'fiber'". Throws `invalid_argument` unless `node` is a mapping; names
  /// of it that are not among `known` are added to `mistakes`.
  FieldReader(const YamlNode& node, std::string_view file, std::string owner, std::initializer_list<std::string> known,
              Mistakes& mistakes);

  [[nodiscard]] const YamlNode* find(std::string_view field) const { return node_->find(field); }
  [[nodiscard]] TextPlace place(const YamlNode& node) const { return place_at(file_, node.position); }
  [[nodiscard]] TextPlace place() const { return place(*node_); }

  /// The text of a scalar field. Throws if it is empty or not a scalar.
  [[nodiscard]] std::optional<PlacedText> text(std::string_view field) const;
  /// The same of a command, in which blanks alone are nothing, either.
  [[nodiscard]] std::optional<PlacedText> command(std::string_view field) const;
  /// One text or a list of texts.
  [[nodiscard]] std::vector<PlacedText> texts(std::string_view field) const;
  /// A mapping of anything, with the places of its members.
  [[nodiscard]] PlacedConfig config(std::string_view field) const;

  /// Throws "place: 'field' of owner must be <expected>, not <what it is>".
  [[noreturn]] void wrong(std::string_view field, const YamlNode& node, std::string_view expected) const;

 private:
  [[nodiscard]] PlacedText text_of(std::string_view field, const YamlNode& node, std::string_view expected) const;

  const YamlNode* node_;
  std::string_view file_;
  std::string owner_;
};

/// "a mapping", "a list", "text", "nothing": what a node is, for messages.
[[nodiscard]] std::string describe(const YamlNode& node);

/// A member's name as a part of a JSON pointer.
[[nodiscard]] std::string escape_pointer(std::string_view name);

}  // namespace neve
