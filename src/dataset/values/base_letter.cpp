#include "dataset/values/base_letter.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include <neve/base/ascii.hpp>
#include <neve/base/utf8.hpp>

namespace neve::dataset {
namespace {

/// Small Latin letters that no decomposition makes those of ASCII, beside what they are written as without them.
constexpr std::array<std::pair<char32_t, std::string_view>, 10> kOtherLetters{{{U'ß', "ss"},
                                                                               {U'æ', "ae"},
                                                                               {U'ð', "d"},
                                                                               {U'ø', "o"},
                                                                               {U'þ', "th"},
                                                                               {U'đ', "d"},
                                                                               {U'ħ', "h"},
                                                                               {U'ı', "i"},
                                                                               {U'ł', "l"},
                                                                               {U'œ', "oe"}}};

/// Letters, marks of letters and digits. Not those that are nothing but signs: of Latin-1 ª, º and µ, so that `Nº` is
/// no word for a label; what makes a picture of the character before it; keycaps.
bool is_part_of_word(std::int32_t letter) noexcept {
  constexpr std::int32_t kFirstLetter = 0xC0;  // beyond ASCII
  const utf8proc_property_t* const property = utf8proc_get_property(letter);
  const bool part = property->category >= UTF8PROC_CATEGORY_LU && property->category <= UTF8PROC_CATEGORY_NL;
  return part && letter >= kFirstLetter && property->category != UTF8PROC_CATEGORY_ME && property->ignorable == 0;
}

/// Accents of Latin letters that stand behind them as characters of their own: U+0300 to U+036F.
void take_accents(std::string_view& text) noexcept {
  while (text.size() > 1 && (text[0] == '\xCC' || (text[0] == '\xCD' && static_cast<unsigned char>(text[1]) < 0xB0)))
    text.remove_prefix(2);
}

/// Whether `letter` is one of the Latin alphabet, which is then appended.
bool append_latin(std::int32_t letter, std::string& name) {
  std::array<utf8proc_int32_t, 20> parts{};  // the longest decomposition has 18
  int boundary = UTF8PROC_BOUNDCLASS_START;
  const utf8proc_ssize_t count =
      utf8proc_decompose_char(letter, parts.data(), parts.size(),
                              static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT), &boundary);
  if (count < 1) return false;
  const std::int32_t first = utf8proc_tolower(parts[0]);
  const auto* const other = std::find_if(kOtherLetters.begin(), kOtherLetters.end(), [first](const auto& known) {
    return static_cast<std::int32_t>(known.first) == first;
  });
  if (other != kOtherLetters.end()) {
    name += other->second;
    return true;
  }
  if (first >= 0x80) return false;
  for (const std::int32_t part : std::span(parts).first(static_cast<std::size_t>(count))) {
    if (part < 0x80 && is_letter_or_digit(static_cast<char>(part))) name += lower_case(static_cast<char>(part));
  }
  return true;
}

}  // namespace

bool append_letter(std::string_view& text, std::string& name) {
  if (const char c = text.front(); static_cast<unsigned char>(c) < 0x80) {
    text.remove_prefix(1);
    if (!is_letter_or_digit(c)) return false;
    name += lower_case(c);
    take_accents(text);
    return true;
  }
  utf8proc_int32_t letter = 0;
  const utf8proc_ssize_t size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                 static_cast<utf8proc_ssize_t>(text.size()), &letter);
  text.remove_prefix(size < 1 ? 1 : static_cast<std::size_t>(size));
  if (size < 1 || !is_part_of_word(letter)) return false;
  if (append_latin(letter, name)) {
    take_accents(text);
  } else {
    append_utf8(name, static_cast<char32_t>(utf8proc_tolower(letter)));
  }
  return true;
}

}  // namespace neve::dataset
