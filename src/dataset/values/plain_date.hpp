#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "dataset/values/date_text.hpp"
#include "dataset/values/day_number.hpp"

namespace neve::dataset {
namespace detail {
/// The number that two digits are; beyond 99 if they are none.
[[nodiscard]] inline unsigned two_digits(const char* at) noexcept {
  const unsigned tens = static_cast<unsigned char>(at[0]) - unsigned{'0'};
  const unsigned ones = static_cast<unsigned char>(at[1]) - unsigned{'0'};
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}
}  // namespace detail

/// Reads a trimmed cell as a date if it is written as nearly all are: 2024-01-31, 2024/01/31, 31.01.2024, 01/31/2024,
/// 31-01-2024. Whether there is such a day is not asked: if there is, the cell is no number and nothing else, and means
/// what `parse_date` says.
[[nodiscard]] inline std::optional<ParsedDate> plain_date(std::string_view cell) noexcept {
  std::optional<ParsedDate> date;  // filled where it is returned: a copy would have to wait for its parts
  if (cell.size() != 10) return date;
  const char* const at = cell.data();
  const bool year_first = at[4] == at[7] && (at[4] == '-' || at[4] == '/');
  const bool two_first = at[2] == at[5] && (at[2] == '.' || at[2] == '/' || at[2] == '-');
  if (year_first == two_first) return date;
  const unsigned century = detail::two_digits(at + (year_first ? 0 : 6));
  const unsigned of_century = detail::two_digits(at + (year_first ? 2 : 8));
  const unsigned first = detail::two_digits(at + (year_first ? 5 : 0));
  const unsigned second = detail::two_digits(at + (year_first ? 8 : 3));
  if (century < 10 || century > 99 || of_century > 99 || first > 99 || second > 99) return date;
  date.emplace();
  date->shape = year_first ? DateShape::year_first : DateShape::two_first;
  date->year = static_cast<int>(century * 100 + of_century);
  date->first = static_cast<int>(first);
  date->second = static_cast<int>(second);
  return date;
}

}  // namespace neve::dataset
