#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace neve {

/// Length of the longest prefix of `text` whose bytes stand for themselves between JSON quotes, in and out: printable
/// ASCII without `"` and `\`. About as fast as memory on long text.
[[nodiscard]] std::size_t plain_prefix(std::string_view text) noexcept;

struct CodePoint {
  char32_t value;
  std::uint8_t length;  ///< bytes it takes; 0 if the text is not well formed there
};

/// The code point that `text`, which must not be empty, begins with. Accepts a lone surrogate in its three-byte form,
/// as Python's `surrogatepass` does, but not a high one followed by a low one: that character has a four-byte form, and
/// with two spellings two different strings would print the same.
[[nodiscard]] CodePoint decode_code_point(std::string_view text) noexcept;

[[nodiscard]] constexpr bool is_high_surrogate(char32_t value) noexcept { return value >= 0xD800 && value < 0xDC00; }
[[nodiscard]] constexpr bool is_low_surrogate(char32_t value) noexcept { return value >= 0xDC00 && value < 0xE000; }

}  // namespace neve
