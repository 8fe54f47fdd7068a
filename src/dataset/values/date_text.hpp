#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace neve::dataset {

/// The ways in which dates are written, as far as they differ in what can be concluded from them.
enum class DateShape : std::uint8_t {
  year_first,  ///< 2024-01-31, 2024/1/31, 2024.01.31, 2024年1月31日, 令和6年1月31日
  compact,     ///< 20240131: also a number
  two_first,   ///< 31/01/2024 or 01/31/2024: day and month in either order
  named,       ///< 31 Jan 2024, Jan 31, 2024, 2024-Jan-31
  month,       ///< 2024-01, 2024-M01, Jan 2024, Jan '24, 2024-Jan, 01/2024, 2024年1月
  quarter,     ///< 2024-Q1, Q1 2024, T1 2024, Q1'24, 1. Quartal 2024, II кв. 2024, Q.II 2024, 2024年第1季度
  half,        ///< H1 2024, 1H24, 2024-H1, 1. Halbjahr 2024
};

struct ParsedDate {
  DateShape shape = DateShape::year_first;
  int year = 0;
  int first = 0;            ///< the month, quarter or half; of `two_first` the number that stands first
  int second = 1;           ///< the day; of `two_first` the number that stands second
  bool short_year = false;  ///< two digits: 69 to 99 are of the last century
  bool trimester = false;   ///< a quarter written T1 or 1T, which may be a third of a year as well
  bool has_time = false;    ///< a time of day other than midnight follows, which is left out
};

/// Reads a trimmed cell as a date between the years 1000 and 9999, or nothing. Days beyond the end of a month are no
/// dates.
[[nodiscard]] std::optional<ParsedDate> parse_date(std::string_view cell);

/// Days since 1970-01-01 of a date whose order is known; of months, quarters and halves of years those of their first
/// day. Nothing if day and month in the order given are none.
[[nodiscard]] std::optional<std::int32_t> days_of(const ParsedDate& date, bool day_first);

}  // namespace neve::dataset
