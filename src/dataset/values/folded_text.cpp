#include "dataset/values/folded_text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include <neve/base/ascii.hpp>

namespace neve::dataset {
namespace {

constexpr std::int32_t kDotAbove = 0x307;

constexpr bool beyond_ascii(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }
constexpr bool is_accent(std::int32_t letter) noexcept { return letter >= 0x300 && letter <= 0x36F; }
constexpr bool is_ascii_blank(std::int32_t letter) noexcept { return letter >= '\t' && letter <= '\r'; }

std::string_view ascii_folded(std::string_view text, std::span<std::int32_t> room) noexcept {
  if (text.size() > room.size_bytes()) return {};
  char* const begin = reinterpret_cast<char*>(room.data());
  std::transform(text.begin(), text.end(), begin, [](char c) { return is_ascii_blank(c) ? ' ' : lower_case(c); });
  return {begin, text.size()};
}

/// Without accents, or without the dot alone that folding leaves of a Turkish `İ`. Returns how many are left.
utf8proc_ssize_t without_accents(std::span<std::int32_t> letters, Accents accents) noexcept {
  std::int32_t before = 0;
  const auto dropped = [&before, accents](std::int32_t letter) {
    const bool drop = accents == Accents::left_out ? is_accent(letter) : letter == kDotAbove && before == 'i';
    before = letter;
    return drop;
  };
  return std::remove_if(letters.begin(), letters.end(), dropped) - letters.begin();
}

}  // namespace

std::string_view folded(std::string_view text, Accents accents, std::span<std::int32_t> room) noexcept {
  if (std::none_of(text.begin(), text.end(), beyond_ascii)) return ascii_folded(text, room);
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  constexpr auto kFold = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                                        UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  // Encoded again where it stands, with a null behind it.
  const auto most = static_cast<utf8proc_ssize_t>(room.size()) - 1;
  const utf8proc_ssize_t count =
      utf8proc_decompose(bytes, static_cast<utf8proc_ssize_t>(text.size()), room.data(), most, kFold);
  if (count < 0) return ascii_folded(text, room);
  if (count > most) return {};
  const utf8proc_ssize_t left = without_accents(room.first(static_cast<std::size_t>(count)), accents);
  std::replace_if(room.begin(), room.begin() + left, is_ascii_blank, static_cast<std::int32_t>(' '));
  constexpr auto kCompose = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  const utf8proc_ssize_t size = utf8proc_reencode(room.data(), left, kCompose);
  return {reinterpret_cast<const char*>(room.data()), static_cast<std::size_t>(std::max<utf8proc_ssize_t>(size, 0))};
}

char32_t folded_letter(char32_t letter) noexcept {
  constexpr char32_t kJoined = 0x2E80;  // from here on few scripts have capitals, and none that is still written
  static const auto kSmall = [] {
    std::array<char16_t, 0x800> small{};
    for (std::size_t i = 0; i < small.size(); ++i) {
      small[i] = static_cast<char16_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(i)));
    }
    return small;
  }();
  if (letter < kSmall.size()) return kSmall[letter];
  return letter < kJoined ? static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(letter))) : letter;
}

}  // namespace neve::dataset
