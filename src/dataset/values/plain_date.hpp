#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "dataset/values/date_text.hpp"
#include "dataset/values/day_number.hpp"
#include "dataset/values/digit_word.hpp"
#include "dataset/values/load_bytes.hpp"

namespace neve::dataset {

/// Reads a trimmed cell as a date if it is written as nearly all are: 2024-01-31, 2024/01/31, 31.01.2024, 01/31/2024,
/// 31-01-2024. Whether there is such a day is not asked: if there is, the cell is no number and nothing else, and means
/// what `parse_date` says.
[[nodiscard]] inline std::optional<ParsedDate> plain_date(std::string_view cell) noexcept {
  constexpr std::uint64_t kYear = 0x0000'0000'FFFF'FFFFU;
  constexpr std::uint64_t kFirst = 0x0000'FFFF'0000'0000U;
  constexpr std::uint64_t kSecond = 0xFFFF'0000'0000'0000U;
  std::optional<ParsedDate> date;  // filled where it is returned: a copy would have to wait for its parts
  if (cell.size() != 10) return date;
  const char* const at = cell.data();
  const bool year_first = at[4] == at[7] && (at[4] == '-' || at[4] == '/');
  const bool two_first = at[2] == at[5] && (at[2] == '.' || at[2] == '/' || at[2] == '-');
  if (year_first == two_first) return date;
  const std::uint64_t head = load_first_lowest<8>(at);
  const std::uint64_t tail = load_first_lowest<8>(at + 2);
  // yyyymmdd, or the year and the two others as they stand.
  const std::uint64_t digits =
      detail::digits_of(year_first ? (head & kYear) | (head >> 8U & kFirst) | (tail & kSecond)
                                   : tail >> 32U | (head << 32U & kFirst) | (head << 24U & kSecond));
  if (detail::beyond_digits(digits) != 0) return date;
  const std::uint64_t pairs = detail::pairs_of(digits);
  const auto pair = [pairs](unsigned i) { return static_cast<int>(pairs >> 16U * i & 0xFFU); };
  if (pair(0) < 10) return date;
  date.emplace();
  date->shape = year_first ? DateShape::year_first : DateShape::two_first;
  date->year = pair(0) * 100 + pair(1);
  date->first = pair(2);
  date->second = pair(3);
  return date;
}

}  // namespace neve::dataset
