#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "dataset/table/row_source.hpp"

namespace neve::dataset {

/// Some rows of a table, to be gone through column by column: what is looked up for the cells of one column does not
/// wait for each other, as what is looked up for the cells of one row and all that is done between them does. Used by
/// one thread.
class RowBlock {
 public:
  explicit RowBlock(std::size_t columns) : columns_(columns) {}

  /// Takes the next rows, as many as are at hand and at most `most`. Borrows their texts until the source is asked
  /// again. False at the end.
  bool read(RowSource& source, std::size_t most = kRows) {
    cells_.clear();
    lines_.clear();
    const std::size_t rows = std::min(most, std::clamp<std::size_t>(kCells / columns_, 1, kRows));
    TableRow row;
    for (Reach reach = Reach::text; lines_.size() < rows && source.next(row, reach); reach = Reach::buffer) {
      cells_.insert(cells_.end(), row.cells.begin(), row.cells.end());
      lines_.push_back(row.line);
    }
    return !lines_.empty();
  }

  [[nodiscard]] std::size_t rows() const noexcept { return lines_.size(); }
  /// The cells of a column, to do with as one likes; borrowed until another is asked for.
  [[nodiscard]] std::span<std::string_view> column(std::size_t column) {
    column_.resize(rows());
    for (std::size_t row = 0; row < rows(); ++row) column_[row] = cells_[row * columns_ + column];
    return column_;
  }
  [[nodiscard]] std::span<const std::uint64_t> lines() const noexcept { return lines_; }

 private:
  static constexpr std::size_t kRows = 256;
  static constexpr std::size_t kCells = 4096;  // not more than the innermost caches hold

  std::size_t columns_;
  std::vector<std::string_view> cells_;  ///< row by row
  std::vector<std::uint64_t> lines_;
  std::vector<std::string_view> column_;
};

}  // namespace neve::dataset
