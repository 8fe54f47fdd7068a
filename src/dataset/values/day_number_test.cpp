#include "dataset/values/day_number.hpp"

#include <gtest/gtest.h>

namespace neve::dataset {
namespace {

TEST(DayNumber, CountsEveryDayAndNoOthers) {
  constexpr int kFirst = 1890;  // before those that are looked up, and 2110 behind them
  const std::chrono::sys_days start = std::chrono::year(kFirst) / std::chrono::January / 1;
  auto expected = static_cast<std::int32_t>(start.time_since_epoch().count());
  for (int year = kFirst; year <= 2110; ++year) {
    for (int month = 0; month <= 13; ++month) {
      const auto last = std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) / std::chrono::last;
      const bool is_month = month >= 1 && month <= 12;
      for (int day = 0; day <= 99; ++day) {
        const bool exists = is_month && day >= 1 && day <= static_cast<int>(static_cast<unsigned>(last.day()));
        const auto days = days_from(year, month, day);
        ASSERT_EQ(days.has_value(), exists) << year << '-' << month << '-' << day;
        ASSERT_EQ(is_day(year, month, day), exists) << year << '-' << month << '-' << day;
        if (exists) {
          ASSERT_EQ(*days, expected++) << year << '-' << month << '-' << day;
        }
      }
    }
  }
}

}  // namespace
}  // namespace neve::dataset
