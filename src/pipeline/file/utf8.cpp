#include "pipeline/file/utf8.hpp"

namespace neve {
namespace {

constexpr bool is_continuation(unsigned char byte) noexcept { return (byte & 0xC0U) == 0x80U; }

/// Bytes of the sequence that starts at `text[i]`, or 0 if none does.
std::size_t sequence_length(std::string_view text, std::size_t i) noexcept {
  const auto at = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U; };
  const unsigned first = at(i), second = at(i + 1);
  if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  for (std::size_t k = 1; k < length; ++k) {
    if (!is_continuation(static_cast<unsigned char>(at(i + k)))) return 0;
  }
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool beyond = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::nullopt;
}

TextPosition position_at(std::string_view text, std::size_t offset) noexcept {
  TextPosition position;
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++position.line;
      position.column = 1;
    } else if (!is_continuation(static_cast<unsigned char>(text[i]))) {
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
    if (is_continuation(static_cast<unsigned char>(text[i]))) ++count;
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
