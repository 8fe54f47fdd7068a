#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <neve/base/ascii.hpp>

namespace neve::dataset {

/// A month in six digits: 202401 is January 2024. A plain value.
struct YearMonth {
  int year = 0;
  int month = 0;
};

/// The month that the number is called by, of 1900 to 2100; nothing for others.
[[nodiscard]] constexpr std::optional<YearMonth> year_month_of(std::uint64_t number) noexcept {
  if (number < 190001 || number > 210012) return std::nullopt;
  const YearMonth found{static_cast<int>(number / 100), static_cast<int>(number % 100)};
  return found.month >= 1 && found.month <= 12 ? std::optional(found) : std::nullopt;
}

/// The month of `01.2024` and, as SAP has periods, `001.2024`, of 1900 to 2100: also a number. Nothing for others.
[[nodiscard]] constexpr std::optional<YearMonth> dotted_month_of(std::string_view cell) noexcept {
  const std::size_t dot = cell.find('.');
  if (dot == std::string_view::npos || dot < 1 || dot > 3 || cell.size() != dot + 5) return std::nullopt;
  const auto number_of = [](std::string_view digits) {
    int number = 0;
    for (const char c : digits) {
      if (!is_digit(c)) return -1;
      number = number * 10 + (c - '0');
    }
    return number;
  };
  const YearMonth found{number_of(cell.substr(dot + 1)), number_of(cell.substr(0, dot))};
  const bool known = found.month >= 1 && found.month <= 12 && found.year >= 1900 && found.year <= 2100;
  return known ? std::optional(found) : std::nullopt;
}

/// A quarter in five digits: 20241 is the first one of 2024. A plain value.
struct YearQuarter {
  int year = 0;
  int quarter = 0;
};

/// The quarter that the number is called by, of 1900 to 2100; nothing for others.
[[nodiscard]] constexpr std::optional<YearQuarter> year_quarter_of(std::uint64_t number) noexcept {
  if (number < 19001 || number > 21004) return std::nullopt;
  const YearQuarter found{static_cast<int>(number / 10), static_cast<int>(number % 10)};
  return found.quarter >= 1 && found.quarter <= 4 ? std::optional(found) : std::nullopt;
}

/// Whether the number may be a day as spreadsheets count them, of the second half of the 20th century or the 21st.
[[nodiscard]] constexpr bool may_be_day_serial(std::uint64_t number) noexcept {
  return number >= 20'000 && number <= 80'000;
}

}  // namespace neve::dataset
