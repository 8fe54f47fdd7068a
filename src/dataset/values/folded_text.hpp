#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace neve::dataset {

enum class Accents : std::uint8_t { kept, left_out };

/// What texts are compared by that say the same in capitals, wide letters or other code points: `text`, which is UTF-8,
/// as Unicode's NFKC_Casefold has it, with every blank an ASCII space, Turkish capitals as their small letters, and
/// with or without the accents of letters (U+0300 to U+036F; marks that are letters of their script stay).
///
/// `room` holds the result, which is borrowed from there: more integers than `text` has bytes, 6 times as many for
/// texts that grow the most; empty if it is too small. Bytes that are no UTF-8 leave the text with nothing but its
/// ASCII letters in small.
/// Source: Unicode Standard Annex 15 and section 3.13, by utf8proc.
[[nodiscard]] std::string_view folded(std::string_view text, Accents accents, std::span<std::int32_t> room) noexcept;

/// What folding leaves of a letter at the front of a text, if that is one letter too.
[[nodiscard]] char32_t folded_letter(char32_t letter) noexcept;

}  // namespace neve::dataset
