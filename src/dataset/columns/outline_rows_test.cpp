#include "dataset/columns/outline_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "dataset/columns/counterparts.hpp"

namespace neve::dataset {
namespace {

struct Line {
  std::vector<std::string> texts;
  std::vector<std::int64_t> numbers;
};

/// The columns are called by these names, the texts first, and the rest by numbers.
OutlineRows::Found judged(const std::vector<Line>& lines, std::vector<std::string> names = {}) {
  ColumnPlan number;
  number.type = ColumnType::integer;
  std::vector<ColumnPlan> plans(lines.front().texts.size());
  plans.resize(plans.size() + lines.front().numbers.size(), number);
  while (names.size() < plans.size()) names.push_back("column_" + std::to_string(names.size()));
  OutlineRows outline(plans, names, std::nullopt);
  std::uint64_t at = 2;
  for (const Line& line : lines) {
    std::vector<CellValue> cells;
    for (const std::string& text : line.texts) cells.push_back({text.empty(), 0, text});
    for (const std::int64_t value : line.numbers) cells.push_back({false, value, {}});
    outline.observe(cells, at++);
  }
  return outline.decide();
}

/// Tables with blank cells, sorted by their first text or not, the same ones in every run.
TEST(OutlineRows, FewRowsOfRandomTablesAreTakenForSums) {
  std::mt19937 generator{20'240'101};
  const auto upto = [&](std::size_t most) { return 1 + generator() % most; };
  int wrong = 0;
  int all = 0;
  for (int round = 0; round < 2000; ++round) {
    for (const std::size_t most : {9U, 100U, 5000U}) {
      std::vector<Line> lines(3 + upto(37));
      const std::size_t blank = upto(9);
      for (Line& line : lines) {
        for (const std::size_t names : {3U, 3U, 9U})
          line.texts.push_back(generator() % 10 < blank ? "" : "K" + std::to_string(upto(names)));
        line.numbers.push_back(static_cast<std::int64_t>(upto(most)));
        if (round % 2 == 0) line.numbers.push_back(static_cast<std::int64_t>(upto(most)));
      }
      if (round % 3 == 0) lines[upto(lines.size()) - 1].texts.back() = "Total loss";
      if (round % 5 < 3)
        std::sort(lines.begin(), lines.end(),
                  [](const Line& one, const Line& other) { return one.texts < other.texts; });
      wrong += judged(lines).rows.empty() ? 0 : 1;
      ++all;
    }
  }
  EXPECT_EQ(wrong, 0) << wrong << " of " << all;
}

TEST(OutlineRows, GroupsOfOneRowEachHaveSumsIfAllRowsArePairs) {
  const auto row = [](const char* customer, const char* product, std::int64_t value) {
    return Line{{customer, product}, {value}};
  };
  std::vector<Line> below{row("A", "P1", 1237), row("A", "", 1237), row("B", "P1", 550), row("B", "", 550)};
  EXPECT_TRUE(judged(below).rows.empty());  // two are chance
  below.insert(below.end(), {row("C", "P2", 99), row("C", "", 99)});
  EXPECT_EQ(judged(below).rows, (std::vector<std::uint64_t>{1, 3, 5}));
  std::vector<Line> above = below;
  for (std::size_t i = 0; i < above.size(); i += 2) std::swap(above[i], above[i + 1]);
  EXPECT_EQ(judged(above).rows, (std::vector<std::uint64_t>{0, 2, 4}));
  std::vector<Line> with_other = below;
  with_other.push_back(row("D", "P3", 70));
  EXPECT_TRUE(judged(with_other).rows.empty());
  std::vector<Line> unequal = below;
  unequal.back().numbers = {98};
  EXPECT_TRUE(judged(unequal).rows.empty());
}

TEST(OutlineRows, TwoLinesOfABookingAreNoPair) {
  std::vector<Line> lines;
  for (const std::int64_t value : {1237, 550, 99, 880}) {
    const std::string number = "B" + std::to_string(value);
    lines.push_back({{number, "Cash", ""}, {value}});
    lines.push_back({{number, "", "Sales"}, {value}});
  }
  EXPECT_TRUE(judged(lines).rows.empty());
}

TEST(OutlineRows, RowsBelowThatRepeatAPartOfAHeadingAreUndecidedUnlessThatPartHasASum) {
  std::vector<Line> lines{{{"J1", "Cash", ""}, {100}}, {{"J1", "", "Sales"}, {60}},  {{"J1", "", "Tax"}, {40}},
                          {{"J2", "Cash", ""}, {220}}, {{"J2", "", "Sales"}, {200}}, {{"J2", "", "Tax"}, {20}}};
  const OutlineRows::Found booking = judged(lines);
  EXPECT_TRUE(booking.rows.empty());
  EXPECT_EQ(booking.undecided.rows, 2U);
  EXPECT_EQ(booking.undecided.line, 2U);
  EXPECT_EQ(booking.undecided.heading, 1U);
  EXPECT_EQ(booking.undecided.detail, 2U);
  EXPECT_FALSE(booking.undecided.counterparts);
  lines[1].texts[1] = "Cash";  // some repeat all of it
  EXPECT_EQ(judged(lines).undecided.rows, 2U);
  lines[1].texts[1] = "";
  // A pivot table that repeats the outer of two headings prints the sum of each.
  lines.insert(lines.begin() + 3, {{"J2", "", ""}, {220}});
  lines.insert(lines.begin(), {{"J1", "", ""}, {100}});
  EXPECT_EQ(judged(lines).rows, (std::vector<std::uint64_t>{0, 1, 4, 5}));
}

TEST(OutlineRows, TwoSidesOfBookingsAreNoHeadingsAndWhatStandsBelowThem) {
  const auto row = [](const char* one, const char* other, std::int64_t value) { return Line{{one, other}, {value}}; };
  std::vector<Line> lines{row("Cash", "", 100), row("", "Sales", 60),  row("", "Tax", 40),
                          row("Bank", "", 500), row("", "Sales", 300), row("", "Cash", 200)};
  EXPECT_EQ(judged(lines, {"region", "customer"}).rows, (std::vector<std::uint64_t>{0, 3}));
  const OutlineRows::Found called = judged(lines, {"debit_account", "credit_account"});
  EXPECT_TRUE(called.rows.empty());
  EXPECT_EQ(called.undecided.rows, 2U);
  EXPECT_TRUE(called.undecided.counterparts);
  // Whatever they are called: Cash and Bank are names of both.
  lines.insert(lines.end(), {row("Rent", "", 900), row("", "Bank", 800), row("", "Cash", 100)});
  EXPECT_EQ(judged(lines, {"region", "customer"}).undecided.rows, 3U);
  lines[4].texts[1] = "Bank";  // below itself, as the only product of a group is called like it
  EXPECT_EQ(judged(lines, {"region", "customer"}).rows, (std::vector<std::uint64_t>{0, 3, 6}));
}

TEST(OutlineRows, PairsOfTwoSidesAreNoHeadings) {
  std::vector<Line> lines;
  for (const std::int64_t value : {1237, 550, 99}) {
    lines.push_back({{"K" + std::to_string(value), ""}, {value}});
    lines.push_back({{"", "Sales"}, {value}});
  }
  EXPECT_EQ(judged(lines, {"region", "customer"}).rows, (std::vector<std::uint64_t>{0, 2, 4}));
  EXPECT_EQ(judged(lines, {"from", "to"}).undecided.rows, 3U);
}

TEST(OutlineRows, RowsFromOnePlaceToSeveralHaveASumOfThatPlace) {
  const auto row = [](const char* one, const char* other, std::int64_t value) { return Line{{one, other}, {value}}; };
  // Places of both columns; each row repeats its heading, so that it is no other side of it.
  std::vector<Line> lines{row("Berlin", "", 300), row("Berlin", "Paris", 100), row("Berlin", "Oslo", 200),
                          row("Paris", "", 150),  row("Paris", "Berlin", 50),  row("Paris", "Oslo", 100),
                          row("Oslo", "", 90),    row("Oslo", "Berlin", 40),   row("Oslo", "Paris", 50)};
  const std::vector<std::uint64_t> sums{0, 3, 6};
  EXPECT_EQ(judged(lines, {"origin", "destination"}).rows, sums);
  EXPECT_EQ(judged(lines, {"city", "other_city"}).rows, sums);
  std::vector<Line> below = lines;
  for (std::size_t i = 0; i < below.size(); i += 3)
    std::rotate(below.begin() + static_cast<std::ptrdiff_t>(i), below.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                below.begin() + static_cast<std::ptrdiff_t>(i) + 3);
  EXPECT_EQ(judged(below, {"from", "to"}).rows, (std::vector<std::uint64_t>{2, 5, 8}));
  for (Line& line : lines) {
    if (!line.texts[1].empty()) line.texts[0].clear();
  }
  EXPECT_EQ(judged(lines, {"origin", "destination"}).undecided.rows, 3U);
  EXPECT_EQ(judged(lines, {"city", "other_city"}).undecided.rows, 3U);
}

TEST(OutlineRows, WhatAllHeadingsHaveInCommonIsNoNumberOfABooking) {
  std::vector<Line> lines;
  for (const char* const region : {"North", "South", "West", "East"}) {
    lines.push_back({{"EUR", region, ""}, {300}});
    lines.push_back({{"EUR", "", "A"}, {100}});
    lines.push_back({{"EUR", "", "B"}, {200}});
  }
  EXPECT_EQ(judged(lines).rows, (std::vector<std::uint64_t>{0, 3, 6, 9}));
  for (std::size_t i = 6; i < 12; ++i) lines[i].texts[0] = "USD";
  EXPECT_EQ(judged(lines).rows, (std::vector<std::uint64_t>{0, 3, 6, 9}));
  for (std::size_t i = 0; i < 12; ++i) lines[i].texts[0] = "J" + std::to_string(i / 3);
  EXPECT_EQ(judged(lines).undecided.rows, 4U);
}

TEST(OutlineRows, ATotalOfBookingsMakesTheirDebitsNoSums) {
  std::vector<Line> lines{{{"J1", "Cash", ""}, {100}}, {{"J1", "", "Sales"}, {60}},  {{"J1", "", "Tax"}, {40}},
                          {{"J2", "Bank", ""}, {220}}, {{"J2", "", "Sales"}, {150}}, {{"J2", "", "Tax"}, {70}},
                          {{"Total", "", ""}, {320}}};
  const OutlineRows::Found found = judged(lines, {"entry", "debit", "credit"});
  EXPECT_TRUE(found.rows.empty());
  EXPECT_EQ(found.undecided.rows, 2U);
  EXPECT_EQ(found.multiple, 2U);
}

TEST(OutlineRows, UndecidedRowsAreTheOnlyOnesWithoutTheColumnsNamedForThem) {
  std::vector<Line> lines{{{"J1", "", "Cash", ""}, {100}},  {{"J1", "x", "", "Sales"}, {60}},
                          {{"J1", "", "", "Tax"}, {40}},    {{"J2", "", "Bank", ""}, {220}},
                          {{"J2", "", "", "Sales"}, {150}}, {{"J2", "", "", "Tax"}, {70}}};
  EXPECT_EQ(judged(lines).undecided.only_below, (std::vector<std::size_t>{3}));
  lines[1].texts[3] = "";
  EXPECT_EQ(judged(lines).undecided.only_below, (std::vector<std::size_t>{3, 1}));
}

TEST(Counterparts, DifferByOnePairOfWordsAndNothingElse) {
  for (const auto& [one, other] :
       {std::pair{"from", "to"}, {"iban_from", "iban_to"}, {"gegenkonto", "konto"}, {"origin", "destination"}}) {
    EXPECT_EQ(counterparts(one, other), Counterparts::ends) << one << ' ' << other;
  }
  for (const auto& [one, other] : {std::pair{"debit_account", "credit_account"},
                                   {"sollkonto", "habenkonto"},
                                   {"haben", "soll"},
                                   {"cuenta_cargo", "cuenta_abono"}}) {
    EXPECT_EQ(counterparts(one, other), Counterparts::sides) << one << ' ' << other;
  }
  for (const auto& [one, other] : {std::pair{"from", "town"}, {"debit", "credit_note"}, {"region", "customer"}}) {
    EXPECT_EQ(counterparts(one, other), Counterparts::none) << one << ' ' << other;
  }
}

TEST(OutlineRows, HeadingsInOneColumnAreFoundWhereThereIsOneWayOnly) {
  const auto of = [](const std::vector<std::int64_t>& numbers) {
    std::vector<Line> lines;
    for (const std::int64_t number : numbers) lines.push_back({{"K" + std::to_string(lines.size())}, {number}});
    lines.back().texts.front() = "Grand Total";
    return judged(lines);
  };
  EXPECT_EQ(of({300, 100, 200, 700, 300, 400, 1000}).rows, (std::vector<std::uint64_t>{0, 3}));
  EXPECT_EQ(of({1000, 300, 100, 200, 700, 300, 400, 50, 50, 20, 30, 1050}).rows,
            (std::vector<std::uint64_t>{0, 1, 4, 7, 8}));
  const OutlineRows::Found none = of({100, 300, 200, 300, 300, 600});
  EXPECT_TRUE(none.rows.empty());
  EXPECT_EQ(none.multiple, 2U);
  EXPECT_EQ(none.whole.line, 7U);
  EXPECT_EQ(none.whole.label, "Grand Total");
  EXPECT_EQ(of({100, 300, 200, 600}).multiple, 0U);  // a plain total
}

TEST(OutlineRows, ManyZerosTakeNoTime) {
  std::vector<Line> lines;
  for (int i = 0; i < 4000; ++i)
    lines.push_back({{"K" + std::to_string(i)}, {i % 1000 == 0 ? 500 : i % 2 == 0 ? 3 : -3}});
  lines.push_back({{"Total"}, {1000}});
  EXPECT_TRUE(judged(lines).rows.empty());
}

}  // namespace
}  // namespace neve::dataset
