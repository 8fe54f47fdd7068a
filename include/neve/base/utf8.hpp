#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// UTF-8 as RFC 3629 has it: shortest forms only, no surrogates, nothing beyond U+10FFFF.
namespace neve {

/// What some programs begin a text with to say that it is UTF-8: U+FEFF.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Whether `c` is a continuation byte of a character of several bytes.
[[nodiscard]] constexpr bool is_utf8_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Bytes of the character that `text`, which must not be empty, begins with; 0 if it begins with none.
[[nodiscard]] std::size_t utf8_sequence(std::string_view text) noexcept;

/// Where the first byte is that is part of no character.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

/// The longest beginning of UTF-8 `text` that takes at most `bytes` and ends with a whole character.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes) noexcept;

/// `text` with U+FFFD in place of every byte that is part of no character.
[[nodiscard]] std::string repaired_utf8(std::string_view text);

/// Appends the code point `value`; a surrogate, which is none, in the three bytes that its number would have.
void append_utf8(std::string& text, char32_t value);

}  // namespace neve
