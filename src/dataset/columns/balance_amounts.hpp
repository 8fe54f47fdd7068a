#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/columns/cell_converter.hpp"

namespace neve::dataset {

/// Of a column some of whose texts say that their rows are balances: where the numbers of those rows stand. A statement
/// often has them in a column of balances, and nothing among what was moved. Used by one thread.
class BalanceAmounts {
 public:
  /// `plan` is that of the column with the texts; `balances` are those that say so, and `names` those of all columns.
  BalanceAmounts(const ColumnPlan& plan, std::span<const std::string> balances, std::span<const std::string> names);

  /// The next rows: their cells in the column with the texts.
  void begin(std::span<const std::string_view> cells, std::span<const std::uint64_t> lines);
  /// Their amounts in another column.
  void add(std::size_t column, std::span<const CellValue> amounts);

  /// Whether some column that is not called one of balances has an amount in such a row, or there is no such column.
  [[nodiscard]] bool among_movements() const noexcept { return among_movements_ || !movements_; }

 private:
  CellConverter texts_;
  std::vector<std::string> balances_;
  std::vector<bool> of_balances_;  ///< of each column: it is called so
  std::vector<CellValue> of_rows_;
  bool among_movements_ = false;
  bool movements_ = false;  ///< there is a column of amounts that is not called one of balances
};

}  // namespace neve::dataset
