#include "dataset/columns/unsaid_sums.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace neve::dataset {
namespace {

struct Line {
  std::vector<std::string> texts;
  std::vector<std::int64_t> numbers;
};

/// The first row stands in line 2. Zeros are blank.
UnsaidSums::Found found_in(const std::vector<Line>& lines, const std::vector<std::uint64_t>& known = {}) {
  ColumnPlan number;
  number.type = ColumnType::integer;
  std::vector<ColumnPlan> plans(lines.front().texts.size());
  plans.resize(plans.size() + lines.front().numbers.size(), number);
  UnsaidSums sums(plans, std::nullopt, known);
  std::uint64_t at = 2;
  for (const Line& line : lines) {
    std::vector<CellValue> cells;
    for (const std::string& text : line.texts) cells.push_back({text.empty(), 0, text});
    for (const std::int64_t value : line.numbers) cells.push_back({value == 0, value, {}});
    sums.observe(cells, at++);
  }
  return sums.decide();
}

using Texts = std::vector<std::string>;

TEST(UnsaidSums, AccountsAboveTheirPartsAreToldAtEveryLevel) {
  const std::vector<Line> accounts{
      {{"1000", "Assets"}, {9500}},      {{"1100", "Current assets"}, {6500}}, {{"1110", "Cash"}, {2500}},
      {{"1120", "Receivables"}, {4000}}, {{"1200", "Fixed assets"}, {3000}},   {{"1210", "Machines"}, {1800}},
      {{"1220", "Buildings"}, {1200}},   {{"2000", "Liabilities"}, {9500}},    {{"2100", "Loans"}, {7000}},
      {{"2110", "Bank A"}, {4500}},      {{"2120", "Bank B"}, {2500}},         {{"2200", "Equity"}, {2500}}};
  const UnsaidSums::Found found = found_in(accounts);
  EXPECT_EQ(found.rows, 5U);
  EXPECT_EQ(found.line, 2U);
  EXPECT_FALSE(found.above);
  EXPECT_EQ(found.label, 0U);
  EXPECT_EQ(found.texts, (Texts{"1000", "1100", "1200", "2000", "2100"}));
}

TEST(UnsaidSums, SumsBelowTheirPartsAreToldByTheColumnThatHasAWordForThem) {
  // Product groups of a budget; one area has a single group, and some amounts are the same as their neighbour's.
  const std::vector<Line> budget{{{"0101", "Council", "group"}, {338, 700}}, {{"0102", "Press", "group"}, {1841, 0}},
                                 {{"01", "Inner", "area"}, {2179, 700}},     {{"0701", "Health", "group"}, {1743, 90}},
                                 {{"07", "Health", "area"}, {1743, 90}},     {{"0801", "Sport", "group"}, {969, 55}},
                                 {{"0802", "Baths", "group"}, {969, 44}},    {{"08", "Sports", "area"}, {1938, 99}}};
  const UnsaidSums::Found found = found_in(budget);
  EXPECT_EQ(found.rows, 3U);
  EXPECT_EQ(found.line, 4U);
  EXPECT_TRUE(found.above);
  EXPECT_EQ(found.label, 2U);
  EXPECT_EQ(found.texts, Texts{"area"});
}

TEST(UnsaidSums, NetAndGrossAndRowsOfAllAreTold) {
  EXPECT_EQ(
      found_in({{{"Advice"}, {1000}}, {{"Course"}, {500}}, {{"Net"}, {1500}}, {{"Tax"}, {285}}, {{"Gross"}, {1785}}})
          .texts,
      (Texts{"Net", "Gross"}));
  EXPECT_EQ(found_in({{{"North", "2021"}, {100}},
                      {{"South", "2021"}, {140}},
                      {{"East", "2021"}, {75}},
                      {{"All", "2021"}, {315}},
                      {{"North", "2022"}, {110}},
                      {{"South", "2022"}, {150}},
                      {{"East", "2022"}, {80}},
                      {{"All", "2022"}, {340}}})
                .texts,
            Texts{"All"});
}

TEST(UnsaidSums, RowsWithoutALabelOfTheirOwnAreToldWithoutAFilter) {
  const UnsaidSums::Found found = found_in({{{"Health"}, {300}},
                                            {{"Health"}, {180}},
                                            {{"Care"}, {120}},
                                            {{"Roads"}, {500}},
                                            {{"Roads"}, {350}},
                                            {{"New"}, {150}}});
  EXPECT_EQ(found.rows, 2U);
  EXPECT_FALSE(found.label);
}

TEST(UnsaidSums, WhatIsKnownToBeASumIsNotToldAgain) {
  const std::vector<Line> lines{{{"A"}, {300}}, {{"a"}, {180}}, {{"b"}, {120}}, {{"B"}, {500}},
                                {{"c"}, {350}}, {{"d"}, {150}}, {{"C"}, {90}}};
  EXPECT_EQ(found_in(lines).rows, 2U);
  EXPECT_EQ(found_in(lines, {0, 3}).rows, 0U);
}

TEST(UnsaidSums, SeriesThatRepeatAndSmallNumbersAreNone) {
  std::vector<Line> doses;
  std::vector<Line> small;
  for (int i = 0; i < 8; ++i) {
    for (const std::int64_t dose : {25, 50, 75}) doses.push_back({{"P"}, {dose}});
    for (const std::int64_t count : {3, 1, 2}) small.push_back({{"P"}, {count + i}});
  }
  EXPECT_EQ(found_in(doses).rows, 0U);
  EXPECT_EQ(found_in(small).rows, 0U);
}

TEST(UnsaidSums, RandomTablesHaveNone) {
  std::mt19937 generator{20'240'101};
  int wrong = 0;
  for (int round = 0; round < 4000; ++round) {
    const std::size_t most = std::vector<std::size_t>{40, 300, 5000, 1'000'000}[generator() % 4];
    std::vector<Line> lines(3 + generator() % 40);
    for (Line& line : lines) {
      line.texts = {"K" + std::to_string(generator() % 9)};
      for (int k = 0; k < 3; ++k) line.numbers.push_back(static_cast<std::int64_t>(generator() % most));
    }
    if (round % 3 == 0)
      std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.numbers < b.numbers; });
    const UnsaidSums::Found found = found_in(lines);
    wrong += found.rows > 0 || !found.repeated.empty() ? 1 : 0;
  }
  EXPECT_EQ(wrong, 0);
}

TEST(UnsaidSums, CorrelationsOfManyColumnsAreNoSums) {
  std::mt19937 generator{20'240'101};
  for (int round = 0; round < 300; ++round) {
    std::vector<Line> lines(30);
    for (Line& line : lines) {
      line.texts = {"N"};
      for (int k = 0; k < 30; ++k) line.numbers.push_back(static_cast<std::int64_t>(generator() % 100) - 40);
    }
    EXPECT_EQ(found_in(lines).rows, 0U);
  }
}

TEST(UnsaidSums, GainsAndLossesAreNoSums) {
  // Among so many, sums of numbers with both signs come back to any value.
  std::mt19937 generator{20'240'101};
  std::normal_distribution<> change;
  for (const double spread : {60.0, 1000.0}) {
    for (int round = 0; round < 20; ++round) {
      std::vector<Line> lines(400);
      for (Line& line : lines) line = {{"N"}, {static_cast<std::int64_t>(change(generator) * spread)}};
      EXPECT_EQ(found_in(lines).rows, 0U);
    }
  }
}

TEST(UnsaidSums, PricesOfAShortListAreSeldomSums) {
  std::mt19937 generator{20'240'101};
  int wrong = 0;
  for (int round = 0; round < 1000; ++round) {
    std::vector<Line> lines(8);
    for (Line& line : lines) line = {{"N"}, {static_cast<std::int64_t>(35 + 35 * (generator() % 5))}};
    wrong += found_in(lines).rows > 0 ? 1 : 0;
  }
  EXPECT_LT(wrong, 40);
}

TEST(UnsaidSums, NumbersWhoseSumsDoNotFitAreNone) {
  ColumnPlan number;
  number.type = ColumnType::decimal;
  const std::vector<ColumnPlan> plans(2, number);
  UnsaidSums sums(plans, std::nullopt, {});
  Int128 large = 1;
  for (int i = 0; i < 37; ++i) large *= 10;
  for (std::uint64_t i = 0; i < 60; ++i) {
    const std::vector<CellValue> cells{{false, i == 7 ? -large : large, {}}, {false, i == 7 ? large : large - 1, {}}};
    sums.observe(cells, i + 2);
  }
  const UnsaidSums::Found found = sums.decide();
  EXPECT_EQ(found.rows, 0U);
  EXPECT_TRUE(found.repeated.empty());
}

TEST(UnsaidSums, TotalsOfOrdersInEachOfTheirLinesAreTold) {
  std::vector<Line> lines{{{"1", "Pen"}, {1000, 3500}},
                          {{"1", "Ink"}, {2500, 3500}},
                          {{"2", "Pen"}, {1000, 1000}},
                          {{"3", "Pen"}, {2000, 6000}},
                          {{"3", "Pad"}, {4000, 6000}}};
  using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
  EXPECT_EQ(found_in(lines).repeated, (Pairs{{3, 2}}));
  lines.back().numbers[0] = 4001;
  EXPECT_EQ(found_in(lines).repeated, Pairs{});
  EXPECT_EQ(found_in({{{"1"}, {10, 10}}, {{"2"}, {400, 400}}, {{"3"}, {500, 500}}}).repeated, Pairs{});
}

TEST(UnsaidSums, ManyRowsTakeNoTime) {
  std::vector<Line> lines;
  for (int i = 0; i < 5000; ++i) lines.push_back({{"K"}, {i % 2 == 0 ? 1000 : -1000, i}});
  EXPECT_EQ(found_in(lines).rows, 0U);
  lines.push_back(lines.front());
  EXPECT_EQ(found_in(lines).rows, 0U);
}

}  // namespace
}  // namespace neve::dataset
