// Cells that come again are not read again. Whatever the column has had before, what they count for and become is what
// it is for each of them alone.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>

#include "dataset/columns/cell_converter.hpp"
#include "dataset/columns/column_profile.hpp"

namespace neve::dataset {
namespace {

/// Cells of 1 to 20 bytes, many of them again and again: numbers, money, dates, words.
std::vector<std::string> messy_cells(std::uint64_t seed, std::size_t count, bool words) {
  std::mt19937_64 random(seed);
  const auto number = [&](std::uint64_t below) { return std::to_string(random() % below); };
  const auto two = [&](std::uint64_t below) { return std::to_string(100 + random() % below).substr(1); };
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < count; ++i) {
    switch (random() % (words ? 15 : 9)) {
      case 0:
        cells.push_back("$" + number(3000) + "." + two(100));
        break;
      case 1:
        cells.push_back("($" + std::to_string(1 + random() % 40) + "," + std::to_string(100 + random() % 900) + ".50)");
        break;
      case 2:
        cells.push_back(number(5000));
        break;
      case 3:
        cells.push_back(number(90) + "." + number(10) + "k");
        break;
      case 4:
        cells.push_back("$" + number(30));
        break;
      case 5:
        cells.push_back("-" + number(700) + "." + number(1000));
        break;
      case 6:
        cells.push_back(number(3) == "0" ? "N/A" : number(100) + "%");
        break;
      case 7:
        cells.push_back("\u20ac 1234567." + two(100));
        break;
      case 8:
        cells.push_back("$0.0");
        break;
      case 9:
        cells.push_back("20" + two(25) + "-" + two(13) + "-" + two(32));
        break;
      case 10:
        cells.push_back(two(32) + "." + two(13) + ".20" + two(25));
        break;
      case 11:
        cells.push_back(random() % 2 == 0 ? "yes" : "Mar");
        break;
      case 12:
        cells.push_back("1." + two(100) + "4,5");
        break;
      case 13:
        cells.push_back(random() % 2 == 0 ? "20" + two(30) + "/" + two(30) : "FY20" + two(30));
        break;
      default:
        cells.push_back(i % 50 == 0 ? "w" + number(300) : "Q" + std::to_string(1 + random() % 4));
    }
  }
  return cells;
}

void add(NumberFacts& sum, const NumberFacts& one) {
  sum.count += one.count;
  sum.only += one.only;
  sum.traits |= one.traits;
  sum.percents += one.percents;
  sum.zeros_without_percent += one.zeros_without_percent;
  sum.small += one.small;
  sum.spelling |= one.spelling;
  sum.least = std::min(sum.least, one.least);
  sum.most = std::max(sum.most, one.most);
}

void expect_equal(const NumberFacts& facts, const NumberFacts& sum) {
  EXPECT_EQ(facts.count, sum.count);
  EXPECT_EQ(facts.only, sum.only);
  EXPECT_EQ(facts.traits, sum.traits);
  EXPECT_EQ(facts.percents, sum.percents);
  EXPECT_EQ(facts.zeros_without_percent, sum.zeros_without_percent);
  EXPECT_EQ(facts.small, sum.small);
  EXPECT_EQ(facts.spelling, sum.spelling);
  EXPECT_EQ(facts.least, sum.least);
  EXPECT_EQ(facts.most, sum.most);
}

constexpr std::array kCounts{&ColumnProfile::cells,       &ColumnProfile::blank_words, &ColumnProfile::day_first,
                             &ColumnProfile::month_first, &ColumnProfile::open_order,  &ColumnProfile::short_years,
                             &ColumnProfile::times,       &ColumnProfile::truths,      &ColumnProfile::fiscal_years,
                             &ColumnProfile::year_ranges, &ColumnProfile::month_names, &ColumnProfile::quarter_names,
                             &ColumnProfile::texts,       &ColumnProfile::open_dotted};

TEST(RepeatedCells, ProfileIsTheSumOfThoseOfItsCells) {
  const std::vector<std::string> cells = messy_cells(1, 15'000, true);
  ColumnProfile whole;
  ColumnProfile sum;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    whole.add(cells[i], i + 2);
    ColumnProfile single;
    single.add(cells[i], i + 2);
    single.finish();
    add(sum.dot, single.dot);
    add(sum.comma, single.comma);
    for (const auto member : kCounts) sum.*member += single.*member;
    for (std::size_t shape = 0; shape < sum.shapes.size(); ++shape) sum.shapes[shape] += single.shapes[shape];
    for (const auto& [currency, count] : single.currencies) sum.currencies[currency] += count;
  }
  whole.finish();
  ASSERT_LT(sum.texts, ColumnProfile::kSettled) << "a settled column counts no more";
  expect_equal(whole.dot, sum.dot);
  expect_equal(whole.comma, sum.comma);
  for (const auto member : kCounts) EXPECT_EQ(whole.*member, sum.*member);
  EXPECT_GT(whole.fiscal_years, 0U);
  EXPECT_GT(whole.year_ranges, 0U);
  EXPECT_EQ(whole.shapes, sum.shapes);
  EXPECT_EQ(whole.currencies, sum.currencies);
  EXPECT_GT(sum.currencies["$"], 1000U);
}

TEST(RepeatedCells, BlocksOfASettledColumnCountAsTheirCellsDo) {
  std::vector<std::string> cells(ColumnProfile::kSettled - 10, "text");
  for (int i = 0; i < 1000; ++i) cells.push_back(i % 7 == 0 ? "" : i % 3 == 0 ? "12.5" : "some text");
  const std::vector<std::string_view> views(cells.begin(), cells.end());
  const std::vector<std::uint64_t> lines(cells.size(), 2);
  ColumnProfile blocks;
  ColumnProfile single;
  for (std::size_t begin = 0; begin < views.size(); begin += 10)
    blocks.add(std::span(views).subspan(begin, 10), std::span(lines).subspan(begin, 10));
  for (const std::string_view cell : views) single.add(cell, 2);
  blocks.finish();
  single.finish();
  EXPECT_EQ(blocks.cells, single.cells);
  EXPECT_EQ(blocks.empty, single.empty);
  EXPECT_EQ(blocks.texts, single.texts);
  EXPECT_EQ(blocks.text_bytes, single.text_bytes);
  EXPECT_EQ(blocks.dot.count, single.dot.count);
}

void expect_converted_alike(const ColumnPlan& plan, const std::vector<std::string>& cells) {
  CellConverter whole(plan);
  std::array<std::uint64_t, static_cast<std::size_t>(Coercion::count_)> coercions{};
  std::uint64_t blanks = 0;
  std::set<std::string> values;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    CellConverter single(plan);
    const CellValue value = whole.convert(cells[i], i + 2);
    const CellValue expected = single.convert(cells[i], i + 2);
    ASSERT_EQ(value.blank, expected.blank) << cells[i];
    ASSERT_TRUE(value.number == expected.number) << cells[i];
    blanks += single.blanks();
    if (!expected.blank) values.insert(micro_text(expected.number));
    for (std::size_t c = 0; c < coercions.size(); ++c)
      coercions[c] += single.coercions().count(static_cast<Coercion>(c));
  }
  EXPECT_EQ(whole.blanks(), blanks);
  EXPECT_EQ(whole.distinct().count(), values.size());
  for (std::size_t c = 0; c < coercions.size(); ++c) {
    EXPECT_EQ(whole.coercions().count(static_cast<Coercion>(c)), coercions[c]) << to_string(static_cast<Coercion>(c));
  }
}

TEST(RepeatedCells, BecomeWhatTheyBecomeAlone) {
  ColumnPlan plan;
  plan.type = ColumnType::decimal;
  expect_converted_alike(plan, messy_cells(2, 10'000, false));
  plan.forced = true;  // cells that do not fit are blank, again and again
  for (const ColumnType type : {ColumnType::decimal, ColumnType::integer, ColumnType::date, ColumnType::boolean}) {
    plan.type = type;
    plan.day_first = true;
    expect_converted_alike(plan, messy_cells(3, 6'000, true));
  }
}

TEST(RepeatedCells, KeepTheFirstExamplesOfWhatWasDoneToThem) {
  ColumnPlan plan;
  plan.type = ColumnType::date;
  plan.day_first = true;
  CellConverter converter(plan);
  for (std::uint64_t line = 2; line < 50; ++line) static_cast<void>(converter.convert("31.01.2024", line));
  const Json coercions = converter.coercions().to_json();
  ASSERT_EQ(coercions.size(), 1U);
  EXPECT_EQ(coercions[0].at("count"), 48);
  ASSERT_EQ(coercions[0].at("examples").size(), 3U);
  EXPECT_EQ(coercions[0].at("examples")[2], (Json{{"line", 4}, {"from", "31.01.2024"}, {"to", "2024-01-31"}}));
}

}  // namespace
}  // namespace neve::dataset
