#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace neve::dataset {

/// Days since 1970-01-01, or nothing if there is no such day.
[[nodiscard]] inline std::optional<std::int32_t> days_from(int year, int month, int day) noexcept {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (month < 1 || day < 1 || !date.ok()) return std::nullopt;
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

[[nodiscard]] inline bool is_day(int year, int month, int day) noexcept {
  return days_from(year, month, day).has_value();
}

}  // namespace neve::dataset
