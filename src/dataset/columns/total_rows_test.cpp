#include "dataset/columns/total_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace neve::dataset {
namespace {

struct Row {
  std::string name;
  std::string place;
  std::vector<std::int64_t> numbers;
  bool total = false;
};

/// Random tables, the same ones in every run and on every machine.
class Tables {
 public:
  std::size_t upto(std::size_t most) { return 1 + generator_() % most; }

  std::vector<Row> rows(std::size_t count, const std::vector<std::size_t>& largest) {
    std::vector<Row> rows(count);
    for (Row& row : rows) {
      row.name = "K" + std::to_string(upto(9));
      row.place = "P" + std::to_string(upto(5));
      for (const std::size_t most : largest) row.numbers.push_back(static_cast<std::int64_t>(upto(most + 1) - 1));
    }
    return rows;
  }

  static Row sum_of(const std::vector<Row>& rows, std::string name) {
    Row sum{std::move(name), "all", std::vector<std::int64_t>(rows.front().numbers.size()), true};
    for (const Row& row : rows) {
      for (std::size_t i = 0; i < row.numbers.size(); ++i) sum.numbers[i] += row.total ? 0 : row.numbers[i];
    }
    return sum;
  }

 private:
  std::mt19937 generator_{20'240'101};
};

/// What the numbers of a table's columns go up to.
const std::vector<std::vector<std::size_t>> kWidths{{9}, {100}, {9, 9}, {9, 5000}, {100, 100'000}, {9, 100, 5000}};

/// Which rows are taken for sums.
std::vector<bool> judged(const std::vector<Row>& rows) {
  ColumnPlan text;
  ColumnPlan number;
  number.type = ColumnType::integer;
  std::vector<ColumnPlan> plans(2, text);
  plans.resize(2 + rows.front().numbers.size(), number);
  TotalRows totals(plans, std::nullopt);
  std::uint64_t line = 2;
  for (const Row& row : rows) {
    std::vector<CellValue> cells{{false, 0, row.name}, {false, 0, row.place}};
    for (const std::int64_t value : row.numbers) cells.push_back({false, value, {}});
    totals.observe(cells, line++);
  }
  std::vector<bool> result(rows.size());
  for (const std::uint64_t row : totals.decide().rows) result[row] = true;
  return result;
}

/// Every row has its place filled, so that nothing but the numbers decides.
TEST(TotalRows, FewRowsThatAreOnlyCalledTotalsAreTakenForSums) {
  Tables tables;
  int wrong = 0;
  int all = 0;
  for (int round = 0; round < 1000; ++round) {
    for (const auto& width : kWidths) {
      std::vector<Row> rows = tables.rows(3 + tables.upto(37), width);
      for (std::size_t labels = tables.upto(3); labels > 0; --labels)
        rows[tables.upto(rows.size()) - 1].name = "Total loss";
      const std::vector<bool> taken = judged(rows);
      wrong += std::find(taken.begin(), taken.end(), true) != taken.end() ? 1 : 0;
      ++all;
    }
  }
  EXPECT_LT(wrong, all * 2 / 1000) << wrong << " of "
                                   << all;  // 11 in 1,000, if small numbers count as much as large ones
}

TEST(TotalRows, NearlyAllTotalsAreFound) {
  Tables tables;
  int missed = 0;
  int all = 0;
  for (int round = 0; round < 1000; ++round) {
    for (const auto& width : kWidths) {
      std::vector<Row> rows;
      for (std::size_t group = tables.upto(5); group > 0; --group) {
        std::vector<Row> part = tables.rows(1 + tables.upto(5), width);
        part.push_back(Tables::sum_of(part, "R" + std::to_string(group) + " total"));
        rows.insert(rows.end(), part.begin(), part.end());
      }
      rows.insert(round % 2 == 0 ? rows.begin() : rows.end(), Tables::sum_of(rows, "Grand total"));
      const std::vector<bool> taken = judged(rows);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        missed += rows[i].total && !taken[i] ? 1 : 0;
        all += rows[i].total ? 1 : 0;
      }
    }
  }
  EXPECT_LT(missed, all * 2 / 1000) << missed << " of " << all;
}

}  // namespace
}  // namespace neve::dataset
