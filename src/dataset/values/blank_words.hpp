#pragma once

#include <cstdint>
#include <string_view>

namespace neve::dataset {

/// Words that stand for "no value" among numbers, dates and booleans: `NA`, `k.A.`, `null`, `-`, `#DIV/0!` and so on.
/// Among texts they are texts: a customer may be called None.
[[nodiscard]] bool stands_for_blank(std::string_view cell) noexcept;

/// A word for true or false, and which pair of words it belongs to.
struct TruthWord {
  int truth = -1;         ///< 1 or 0; -1: the cell is no such word
  std::uint8_t pair = 0;  ///< a bit for each of true/false, yes/no, y/n and t/f
};

/// The pairs of single letters, which may be codes as well.
inline constexpr std::uint8_t kPairsOfLetters = 0b1100;

/// Reads the words whatever their case.
[[nodiscard]] TruthWord truth_of_word(std::string_view cell) noexcept;

}  // namespace neve::dataset
