#include "pipeline/file/text_position.hpp"

#include <algorithm>
#include <cstddef>

#include <neve/base/utf8.hpp>

namespace neve {
namespace {

constexpr bool is_forbidden_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

}  // namespace

std::optional<std::size_t> find_invalid_text(std::string_view text) noexcept {
  const std::size_t whole = find_invalid_utf8(text).value_or(text.size());
  const auto control =
      std::find_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(whole), is_forbidden_control);
  const auto at = static_cast<std::size_t>(control - text.begin());
  return at < text.size() ? std::optional(at) : std::nullopt;
}

TextPosition position_at(std::string_view text, std::size_t offset) noexcept {
  TextPosition position;
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++position.line;
      position.column = 1;
    } else if (!is_utf8_continuation(text[i])) {
      ++position.column;
    }
  }
  return position;
}

ColumnCounter::ColumnCounter(std::string_view text) {
  std::uint32_t count = 0;
  std::vector<std::uint32_t> before;
  before.reserve(text.size() + 1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    before.push_back(count);
    if (is_utf8_continuation(text[i])) ++count;
    if (text[i] == '\n') line_starts_.push_back(i + 1);
  }
  before.push_back(count);
  if (count > 0) continuations_ = std::move(before);
}

TextPosition ColumnCounter::position(std::size_t line, std::size_t byte_column) const noexcept {
  std::size_t column = byte_column;
  if (line < line_starts_.size() && line_starts_[line] + byte_column < continuations_.size()) {
    column -= continuations_[line_starts_[line] + byte_column] - continuations_[line_starts_[line]];
  }
  return {line + 1, column + 1};
}

}  // namespace neve
