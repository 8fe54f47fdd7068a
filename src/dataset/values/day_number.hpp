#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace neve::dataset {

namespace detail {

/// The years in which nearly all dates are: their months are looked up.
inline constexpr int kFirstYear = 1900;
inline constexpr int kLastYear = 2099;
inline constexpr int kMonths = 12;

/// Days from 1970-01-01 to the first day of each of their months, and of the one behind them.
inline constexpr auto kMonthStarts = [] {
  std::array<std::int32_t, (kLastYear - kFirstYear + 1) * kMonths + 1> starts{};
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto month = std::chrono::year(kFirstYear) / std::chrono::January + std::chrono::months(i);
    starts[i] = static_cast<std::int32_t>(std::chrono::sys_days(month / 1).time_since_epoch().count());
  }
  return starts;
}();

}  // namespace detail

/// Days since 1970-01-01, or nothing if there is no such day.
[[nodiscard]] inline std::optional<std::int32_t> days_from(int year, int month, int day) noexcept {
  const bool is_month = month >= 1 && month <= detail::kMonths;
  if (year >= detail::kFirstYear && year <= detail::kLastYear) {
    const int at = (year - detail::kFirstYear) * detail::kMonths + (is_month ? month - 1 : 0);
    const std::int32_t* const start = detail::kMonthStarts.data() + at;
    const std::int32_t days = start[0] + day - 1;
    const bool good = is_month & (day >= 1) & (days < start[1]);  // which of them it is not cannot be predicted
    return good ? std::optional(days) : std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!is_month || day < 1 || !date.ok()) return std::nullopt;
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

[[nodiscard]] inline bool is_day(int year, int month, int day) noexcept {
  return days_from(year, month, day).has_value();
}

}  // namespace neve::dataset
