#include "dataset/xlsx/serial_date.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include <neve/base/ascii.hpp>

namespace neve::dataset {
namespace {

constexpr double kMillisecondsPerDay = 86'400'000;
constexpr double kLastSerial = 2'958'466;  // the day after 9999-12-31
constexpr int kDaysTo1904 = 1462;          // serial of 1904-01-01 where days are counted from 1900
constexpr int kFictitiousDay = 60;         // 1900-02-29, which Excel has and the calendar has not

std::string time_text(long long milliseconds) {
  const long long seconds = milliseconds / 1000;
  std::string text = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (milliseconds % 1000 != 0) text += fmt::format(".{:03}", milliseconds % 1000);
  return text;
}

std::string date_text(long long serial) {
  if (serial == kFictitiousDay) return "1900-02-29";
  // Day 1 is 1900-01-01; behind the fictitious day everything is one later than it should be.
  const auto days = std::chrono::days(serial < kFictitiousDay ? serial - 1 : serial - 2);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::year(1900) / 1 / 1} + days};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

/// Excel shows 15 digits of a number, and what is behind them is noise of its binary form: 33.299999999999997 is 33.3.
/// But whole numbers are themselves to the last digit, and so are the six decimals that are kept of large ones.
std::string plain_number_text(std::string_view value, double number) {
  constexpr std::size_t kShown = 15;
  constexpr double kSixDecimalsShown = 1e9;  // below, six decimals are among 15 digits
  constexpr double kExact = 1e18;
  const auto digits = static_cast<std::size_t>(std::count_if(value.begin(), value.end(), is_digit));
  if (digits + (value.starts_with('-') ? 1 : 0) == value.size()) return std::string(value);
  if (std::abs(number) < kExact && number == std::trunc(number)) return fmt::format("{:.0f}", number);
  if (digits <= kShown && value.find_first_of("eE+") == std::string_view::npos) return std::string(value);
  return std::abs(number) < kSixDecimalsShown ? fmt::format("{:.15g}", number) : fmt::format("{}", number);
}

}  // namespace

std::string cell_number_text(std::string_view value, NumberMeaning meaning, bool from_1904) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() || !std::isfinite(number)) return std::string(value);
  if (meaning == NumberMeaning::percent) return fmt::format("{:.15g}%", number * 100);
  if (meaning == NumberMeaning::number || meaning == NumberMeaning::duration) return plain_number_text(value, number);
  const double serial = from_1904 ? number + kDaysTo1904 : number;
  if (serial < 0 || serial >= kLastSerial) return std::string(value);
  const auto total = static_cast<long long>(std::llround(serial * kMillisecondsPerDay));
  const long long day = total / 86'400'000;
  const long long rest = total % 86'400'000;
  if (day == 0 || (meaning == NumberMeaning::time && number < 1)) return time_text(rest);
  return rest == 0 ? date_text(day) : date_text(day) + "T" + time_text(rest);
}

std::int32_t day_zero(bool from_1904) noexcept {
  constexpr std::chrono::sys_days kZero = std::chrono::year(1899) / 12 / 30;
  const auto days = static_cast<std::int32_t>(kZero.time_since_epoch().count());
  return from_1904 ? days + kDaysTo1904 : days;
}

}  // namespace neve::dataset
