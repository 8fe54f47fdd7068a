#include "dataset/values/plain_date.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include <fmt/format.h>

#include "dataset/values/blank_words.hpp"
#include "dataset/values/fiscal_year.hpp"
#include "dataset/values/number_text.hpp"
#include "dataset/values/period_names.hpp"

namespace neve::dataset {
namespace {

bool is_nothing_but_a_date(std::string_view cell) {
  return !stands_for_blank(cell) && !parse_number(cell, '.') && !parse_number(cell, ',') &&
         truth_of_word(cell).truth < 0 && !parse_fiscal_year(cell) && month_of_name(cell) == 0 &&
         quarter_of_name(cell) == 0;
}

/// Ten bytes as dates have them, now and then with one of them wrong.
std::string date_like_cell(std::mt19937_64& random) {
  constexpr std::string_view kMarks = "-/. ,";
  const char mark = kMarks[random() % kMarks.size()];
  const auto year = 900 + random() % 1500;
  const auto first = random() % 35;
  const auto second = random() % 35;
  std::string cell = random() % 2 == 0 ? fmt::format("{:04}{}{:02}{}{:02}", year, mark, first, mark, second)
                                       : fmt::format("{:02}{}{:02}{}{:04}", first, mark, second, mark, year);
  if (random() % 4 == 0) cell[random() % cell.size()] = "0123456789-/.:x "[random() % 16];
  return cell;
}

TEST(PlainDate, MeansWhatDatesMean) {
  std::mt19937_64 random(11);
  int plain_ones = 0;
  for (int i = 0; i < 300'000; ++i) {
    const std::string cell = date_like_cell(random);
    const auto plain = plain_date(cell);
    if (!plain) continue;
    const auto date = parse_date(cell);
    const bool two_first = plain->shape == DateShape::two_first;
    if (!days_of(*plain, false) && !(two_first && days_of(*plain, true))) {
      EXPECT_FALSE(date) << cell;
      continue;
    }
    ++plain_ones;
    ASSERT_TRUE(date) << cell;
    EXPECT_EQ(date->shape, plain->shape) << cell;
    EXPECT_EQ(date->year, plain->year) << cell;
    EXPECT_EQ(date->first, plain->first) << cell;
    EXPECT_EQ(date->second, plain->second) << cell;
    EXPECT_FALSE(date->short_year || date->has_time) << cell;
    EXPECT_TRUE(is_nothing_but_a_date(cell)) << cell;
  }
  EXPECT_GT(plain_ones, 10'000);
  for (const char* cell : {"2024.01.31", "2024-01/31", "0999-01-31", "2024-1-31"}) {
    EXPECT_FALSE(plain_date(cell)) << cell;
  }
}

}  // namespace
}  // namespace neve::dataset
