#pragma once

#include <span>
#include <string_view>

namespace neve::dataset {

/// What a letter of the Latin, Greek or Cyrillic alphabet is in small, those of Greek without accents; others as they
/// are.
[[nodiscard]] char16_t small_letter(char16_t letter) noexcept;

/// The letter with which UTF-8 of at least one byte begins, or what its bytes would be; 0 beyond U+FFFF.
[[nodiscard]] constexpr char16_t first_letter(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned lead = byte(0);
  if (lead < 0xC0) return static_cast<char16_t>(lead);
  if (lead < 0xE0) return static_cast<char16_t>((lead & 0x1FU) << 6U | (byte(1) & 0x3FU));
  if (lead >= 0xF0) return 0;
  return static_cast<char16_t>((lead & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU));
}

/// The same of its end.
[[nodiscard]] constexpr char16_t last_letter(std::string_view text) noexcept {
  std::size_t begin = text.size() - 1;
  while (begin > 0 && text.size() - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) --begin;
  return first_letter(text.substr(begin));
}

/// What `text`, which is UTF-8, is in small letters, written to the front of `room` and borrowed from there: letters of
/// the Latin, Greek and Cyrillic alphabets, those of Greek without accents, since capitals go without. Wide blanks
/// become ASCII ones, and all else stays as it is. Never longer than `text`; empty if `room` is smaller.
[[nodiscard]] std::string_view in_small_letters(std::string_view text, std::span<char> room) noexcept;

}  // namespace neve::dataset
