#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dataset/values/int128.hpp"

namespace neve::dataset {

/// How a number was written: bits of `ParsedNumber::traits`.
enum NumberTrait : std::uint16_t {
  kHasDecimals = 1U << 0U,     ///< digits behind the decimal mark
  kHasGroups = 1U << 1U,       ///< thousands apart: 1,234
  kHasCurrency = 1U << 2U,     ///< a symbol or code before or behind
  kHasPercent = 1U << 3U,      ///< a percent sign; the value is the fraction
  kHasParentheses = 1U << 4U,  ///< around a negative number
  kHasSuffix = 1U << 5U,       ///< k, m, bn, Tsd, Mio, Mrd, тыс, TEUR: thousands, millions and the like
  kHasExponent = 1U << 6U,     ///< 1.5e3
  kLeadingZero = 1U << 7U,     ///< 007: more likely a code than a number
  kManyDigits = 1U << 8U,      ///< nothing but more digits than 64 bits hold: more likely a code
  kRounded = 1U << 9U,         ///< had more than six decimals
  kPlusSign = 1U << 10U,
  kMinusBehind = 1U << 11U,  ///< 12-
};

struct ParsedNumber {
  Int128 micro = 0;  ///< the value in millionths, rounded half to even
  std::uint16_t traits = 0;
  std::string_view currency;  ///< as written, borrowed from the cell
};

/// Whether a trimmed cell is an amount with CR or DR, credit or debit, behind it. Which of them is negative depends on
/// the account, so nobody can tell from the cell.
[[nodiscard]] bool is_credit_or_debit(std::string_view cell);

/// Reads a trimmed cell as a number whose decimal mark is `mark`, '.' or ','; nothing if it is none. Thousands may
/// stand apart by the other mark, an apostrophe, a blank or a no-break space, in threes (or twos before the last
/// three), and dashes for the cents: 5,- is 5. Exact: no floating point is involved. Values of 32 integer digits and
/// more are no numbers here.
[[nodiscard]] std::optional<ParsedNumber> parse_number(std::string_view cell, char mark);

}  // namespace neve::dataset
