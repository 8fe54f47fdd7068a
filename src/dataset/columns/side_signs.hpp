#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/columns/cell_converter.hpp"

namespace neve::dataset {

/// Of a column that says on which of two sides the amounts beside it are: whether the signs of those say so as well,
/// as `-20` beside `Debit` and `50` beside `Credit` do. Then they are added up as they should be. Used by one thread.
class SideSigns {
 public:
  /// `plan` is that of the column with the sides, of which there are two.
  SideSigns(const ColumnPlan& plan, std::size_t columns) : sides_(plan), counts_(columns) {}

  /// The next rows: their cells in the column with the sides.
  void begin(std::span<const std::string_view> cells, std::span<const std::uint64_t> lines);
  /// Their amounts in another column.
  void add(std::size_t column, std::span<const CellValue> amounts);

  /// Whether in some column nearly all amounts of one side are below zero, and nearly all of the other above.
  [[nodiscard]] bool say_side() const;

 private:
  struct Signs {
    std::uint64_t below = 0;
    std::uint64_t above = 0;
  };
  using OfSides = std::array<Signs, 2>;

  CellConverter sides_;
  std::string first_;  ///< one of the two
  std::vector<CellValue> of_rows_;
  std::vector<OfSides> counts_;  ///< of each column
};

}  // namespace neve::dataset
