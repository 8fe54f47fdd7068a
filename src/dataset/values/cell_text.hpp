#pragma once

#include <string>
#include <string_view>

namespace neve::dataset {

/// The cell without blanks around it: ASCII white space, no-break spaces (U+00A0, U+202F), byte order marks.
[[nodiscard]] inline std::string_view trimmed(std::string_view cell) noexcept;

/// Stands behind a cell of a workbook that is a number, in the text that is made of its sheet: such a cell has a value,
/// whatever mark the texts of its column have. A blank, so it is gone from what is trimmed. A currency that its format
/// shows stands before the number, and a unit (`TEUR`) behind it and a blank.
inline constexpr std::string_view kNumberMark = "\xEF\xBB\xBF";

/// The same behind a number of days that is shown as a duration: 1.5 as 36:00. It ends with the other mark.
inline constexpr std::string_view kDurationMark = "\xEF\xBB\xBF\xEF\xBB\xBF";

/// Of a trimmed cell that had the mark: the number without a currency and a unit.
[[nodiscard]] inline std::string_view without_currency(std::string_view number) noexcept;

namespace detail {
[[nodiscard]] std::string_view trim_slowly(std::string_view cell) noexcept;
/// Neither a blank nor part of a wide character.
[[nodiscard]] constexpr bool settled(char c) noexcept { return c > ' ' && c <= '~'; }
}  // namespace detail

inline std::string_view trimmed(std::string_view cell) noexcept {
  const bool nothing = cell.empty() || (detail::settled(cell.front()) && detail::settled(cell.back()));
  return nothing ? cell : detail::trim_slowly(cell);
}

inline std::string_view without_currency(std::string_view number) noexcept {
  const std::size_t begin = number.find_first_of("-0123456789");
  return begin == std::string_view::npos ? number : number.substr(begin, number.find(' ', begin) - begin);
}

/// For messages and examples: at most `limit` code points, control characters as blanks, an ellipsis if cut.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t limit = 60);

}  // namespace neve::dataset
