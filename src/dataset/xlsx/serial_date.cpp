#include "dataset/xlsx/serial_date.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

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

}  // namespace

std::string cell_number_text(std::string_view value, NumberMeaning meaning, bool from_1904) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() || !std::isfinite(number)) return std::string(value);
  if (meaning == NumberMeaning::percent) return fmt::format("{:.15g}%", number * 100);
  if (meaning == NumberMeaning::number) {
    const auto digits = std::count_if(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool plain = digits <= 15 && value.find_first_of("eE+") == std::string_view::npos;
    return plain ? std::string(value) : fmt::format("{:.15g}", number);
  }
  const double serial = from_1904 ? number + kDaysTo1904 : number;
  if (serial < 0 || serial >= kLastSerial) return std::string(value);
  const auto total = static_cast<long long>(std::llround(serial * kMillisecondsPerDay));
  const long long day = total / 86'400'000;
  const long long rest = total % 86'400'000;
  if (day == 0 || (meaning == NumberMeaning::time && number < 1)) return time_text(rest);
  return rest == 0 ? date_text(day) : date_text(day) + "T" + time_text(rest);
}

}  // namespace neve::dataset
