#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "dataset/columns/cell_converter.hpp"

namespace neve::dataset {

/// True for `Total`, `Grand total:`, `North subtotal`, `Total 2024`, `Summe`, `Gesamt` and the like, and for stars
/// alone.
[[nodiscard]] bool says_total(std::string_view cell) noexcept;

/// True for `*`, `**` and so on: how SAP marks its sums, and others whatever they like.
[[nodiscard]] bool is_stars(std::string_view cell) noexcept;

/// Finds the cell by which a row calls itself a total. A plain value; cheap enough to ask for every row.
class TotalLabel {
 public:
  explicit TotalLabel(std::span<const ColumnPlan> plans);

  /// The cell, borrowed from `values`; empty if no text says so, or if the table has no numbers to sum up.
  [[nodiscard]] std::string_view of(std::span<const CellValue> values) const;
  /// The columns that may have such cells, in the order in which they are asked.
  [[nodiscard]] std::span<const std::size_t> columns() const noexcept { return texts_; }

 private:
  std::vector<std::size_t> texts_;  ///< those of times first, where nobody is called so
};

/// Whether a total of this column means anything: a number, and no year or month.
[[nodiscard]] bool sums_up(const ColumnPlan& plan) noexcept;

/// Whether a column says what its row is about, so that a total may leave it blank: a text or a time. A column of
/// nothing but currencies says what its amounts are in, those of a total as well.
[[nodiscard]] bool describes_row(const ColumnPlan& plan) noexcept;

}  // namespace neve::dataset
