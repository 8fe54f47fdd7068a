#include "codec/json/json_text.hpp"

#include <algorithm>

#include <neve/base/utf8.hpp>

namespace neve {
namespace {

constexpr std::size_t kBlock = 64;

constexpr bool is_special(unsigned char byte) {
  return static_cast<unsigned char>(byte - 0x20) > 0x5e || byte == '"' || byte == '\\';
}

// No early exit, so that the compiler turns it into a few vector instructions.
bool block_is_plain(const char* block) {
  unsigned char special = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const auto byte = static_cast<unsigned char>(block[i]);
    special = static_cast<unsigned char>(special | static_cast<unsigned char>(is_special(byte)));
  }
  return special == 0;
}

std::size_t plain_bytes(std::string_view text, std::size_t from, std::size_t to) {
  while (from < to && !is_special(static_cast<unsigned char>(text[from]))) ++from;
  return from;
}

}  // namespace

std::size_t plain_prefix(std::string_view text) noexcept {
  // Most strings are short names, for which a block would be wasted work.
  const std::size_t head = std::min<std::size_t>(text.size(), 16);
  std::size_t length = plain_bytes(text, 0, head);
  if (length < head) return length;
  while (length + kBlock <= text.size() && block_is_plain(text.data() + length)) length += kBlock;
  return plain_bytes(text, length, text.size());
}

CodePoint decode_code_point(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::uint8_t length = first >= 0xC2 && first < 0xE0   ? 2
                              : (first & 0xF0) == 0xE0        ? 3
                              : first >= 0xF0 && first < 0xF5 ? 4
                                                              : 0;
  if (length == 0 || text.size() < length) return {0, 0};
  char32_t value = first & (0x7Fu >> length);
  for (std::uint8_t i = 1; i < length; ++i) {
    if (!is_utf8_continuation(text[i])) return {0, 0};
    value = (value << 6) | (byte(i) & 0x3Fu);
  }
  static constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10FFFF) return {0, 0};
  const bool pair =
      is_high_surrogate(value) && text.size() >= 6 && byte(3) == 0xED && byte(4) >= 0xB0 && byte(4) < 0xC0;
  if (pair) return {0, 0};
  return {value, length};
}

}  // namespace neve
