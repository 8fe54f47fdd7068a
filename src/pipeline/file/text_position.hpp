#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "pipeline/file/yaml_tree.hpp"

namespace neve {

/// The offset of the first byte that is not part of a character, or is a control character that YAML does not allow.
[[nodiscard]] std::optional<std::size_t> find_invalid_text(std::string_view text) noexcept;

/// Line and column (in code points) of the byte at `offset`.
[[nodiscard]] TextPosition position_at(std::string_view text, std::size_t offset) noexcept;

/// Turns columns counted in bytes into columns counted in code points, at any number of places. A plain value.
class ColumnCounter {
 public:
  explicit ColumnCounter(std::string_view text);

  /// `line` and `byte_column` are counted from 0; what lies outside the text stays as it is.
  [[nodiscard]] TextPosition position(std::size_t line, std::size_t byte_column) const noexcept;

  /// The offset in bytes of such a place; 0 where there is no such line.
  [[nodiscard]] std::size_t offset(std::size_t line, std::size_t byte_column) const noexcept {
    return line < line_starts_.size() ? line_starts_[line] + byte_column : 0;
  }

 private:
  std::vector<std::size_t> line_starts_{0};
  std::vector<std::uint32_t> continuations_;  ///< before each byte; empty if the text is all ASCII
};

}  // namespace neve
