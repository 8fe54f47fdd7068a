#include "dataset/values/small_letters.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <neve/base/ascii.hpp>

namespace neve::dataset {
namespace {

/// Of Greek letters from U+0386 on; without their accents.
constexpr char16_t plain_greek(char16_t letter) noexcept {
  constexpr std::u16string_view kOthers = u"ΆάΈέΉήΊίΌόΎύΏώς";
  constexpr std::u16string_view kPlain = u"ααεεηηιιοουυωωσ";
  static_assert(kOthers.size() == kPlain.size());
  if (const std::size_t at = kOthers.find(letter); at != std::u16string_view::npos) return kPlain[at];
  return letter >= u'Α' && letter <= u'Ω' ? static_cast<char16_t>(letter + 0x20) : letter;
}

/// Of Latin letters beyond ASCII, in which capitals are even and the small ones follow them, or the other way round.
constexpr char16_t small_latin(char16_t letter) noexcept {
  if (letter >= 0xC0 && letter <= 0xDE) return letter == u'×' ? letter : static_cast<char16_t>(letter + 0x20);
  const bool odd_capitals = (letter >= 0x139 && letter <= 0x148) || (letter >= 0x179 && letter <= 0x17E);
  if (odd_capitals) return static_cast<char16_t>(letter + letter % 2);
  if (letter == 0x130 || letter == 0x131 || letter == 0x138 || letter == 0x149 || letter == 0x178) return letter;
  const bool even_capitals = (letter >= 0x100 && letter <= 0x177) || (letter >= 0x1EA0 && letter <= 0x1EFF);
  return even_capitals ? static_cast<char16_t>(letter | 1U) : letter;
}

constexpr char16_t small_cyrillic(char16_t letter) noexcept {
  if (letter >= 0x410 && letter <= 0x42F) return static_cast<char16_t>(letter + 0x20);
  if (letter >= 0x400 && letter <= 0x40F) return static_cast<char16_t>(letter + 0x50);
  return letter == u'Ґ' ? u'ґ' : letter;
}

constexpr bool is_blank(char16_t letter) noexcept {
  return letter == 0xA0 || letter == 0x202F || letter == 0x2009 || letter == 0x3000;
}

}  // namespace

char16_t small_letter(char16_t letter) noexcept {
  if (letter < 0x80) return letter >= u'A' && letter <= u'Z' ? static_cast<char16_t>(letter + 0x20) : letter;
  if (letter >= 0x386 && letter <= 0x3CE) return plain_greek(letter);
  return letter >= 0x400 && letter <= 0x491 ? small_cyrillic(letter) : small_latin(letter);
}

std::string_view in_small_letters(std::string_view text, std::span<char> room) noexcept {
  if (text.size() > room.size()) return {};
  std::size_t used = 0;
  const auto put = [&](unsigned byte) { room[used++] = static_cast<char>(byte); };
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t size = lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : 1;
    if (size > text.size() || size == 1) {
      const char c = lower_case(text.front());
      put(static_cast<unsigned char>(c >= '\t' && c <= '\r' ? ' ' : c));
      text.remove_prefix(1);
      continue;
    }
    const char16_t letter = small_letter(first_letter(text));
    text.remove_prefix(size);
    if (is_blank(letter)) {
      put(' ');
    } else if (letter < 0x800) {
      put(0xC0U | letter >> 6U);
      put(0x80U | (letter & 0x3FU));
    } else {
      put(0xE0U | letter >> 12U);
      put(0x80U | (letter >> 6U & 0x3FU));
      put(0x80U | (letter & 0x3FU));
    }
  }
  return {room.data(), used};
}

}  // namespace neve::dataset
