#include "dataset/values/base_letter.hpp"

#include <algorithm>

#include <neve/base/ascii.hpp>

namespace neve::dataset {
namespace {

using namespace std::string_view_literals;

// Base letters of U+00C0 to U+00FF (Latin-1 letters); '\0': several letters or none.
constexpr std::string_view kBaseLetters =
    "aaaaaa\0ceeeeiiiidnooooo\0ouuuuy\0\0"
    "aaaaaa\0ceeeeiiiidnooooo\0ouuuuy\0y"sv;
static_assert(kBaseLetters.size() == 64);

}  // namespace

bool append_letter(std::string_view& text, std::string& name) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) {
    const char c = text.front();
    text.remove_prefix(1);
    if (!is_letter_or_digit(c)) return false;
    name += lower_case(c);
    return true;
  }
  const std::size_t size = std::min<std::size_t>(text.size(), lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2);
  const std::string_view whole = text.substr(0, size);
  text.remove_prefix(size);
  if (whole == "ß") {
    name += "ss";
    return true;
  }
  if (lead == 0xC3 && size == 2) {
    const char base = kBaseLetters[static_cast<unsigned char>(whole[1]) - 0x80U];
    if (base == '\0') {
      name += whole == "Æ" || whole == "æ" ? "ae" : whole == "Þ" || whole == "þ" ? "th" : "";
      return whole != "×" && whole != "÷";
    }
    name += base;
    return true;
  }
  const bool punctuation =
      lead == 0xC2 || (lead == 0xE2 && size == 3) || lead == 0xEF;  // symbols, dashes, currency signs
  if (!punctuation) name += whole;
  return !punctuation;
}

}  // namespace neve::dataset
