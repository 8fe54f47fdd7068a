#pragma once

#include <algorithm>
#include <string>
#include <string_view>

/// Characters and texts of which only the ASCII ones count, whatever the locale: names in protocols and formats.
namespace neve {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_letter(char c) noexcept { return is_upper(c) || is_lower(c); }
[[nodiscard]] constexpr bool is_letter_or_digit(char c) noexcept { return is_letter(c) || is_digit(c); }

[[nodiscard]] constexpr bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

[[nodiscard]] constexpr char lower_case(char c) noexcept { return is_upper(c) ? static_cast<char>(c + 32) : c; }

/// ASCII letters in lower case, everything else as it is.
[[nodiscard]] inline std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower_case(c);
  return result;
}

/// True if `text` is `lower`, whatever the case of its ASCII letters; `lower` is in lower case.
[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return lower_case(a) == b; });
}

[[nodiscard]] constexpr bool only_digits(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), is_digit);
}

/// The hexadecimal digits by their value.
inline constexpr std::string_view kHexDigits = "0123456789abcdef";

/// Whether there is nothing but `kHexDigits` in it, which are lower-case.
[[nodiscard]] constexpr bool only_hex_digits(std::string_view text) noexcept {
  return text.find_first_not_of(kHexDigits) == std::string_view::npos;
}

/// What a hexadecimal digit stands for, or -1 if `c` is none.
[[nodiscard]] constexpr int hex_digit(char c) noexcept {
  if (is_digit(c)) return c - '0';
  c = lower_case(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace neve
