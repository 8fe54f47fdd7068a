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
    lines_.clear();
    longest_ = std::min(most, std::clamp<std::size_t>(kCells / columns_, 1, kRows));
    cells_.resize(longest_ * columns_);
    TableRow row;
    for (Reach reach = Reach::text; lines_.size() < longest_ && source.next(row, reach); reach = Reach::buffer) {
      std::string_view* cell = cells_.data() + lines_.size();
      for (const std::string_view text : row.cells) {
        *cell = text;
        cell += longest_;
      }
      lines_.push_back(row.line);
    }
    return !lines_.empty();
  }

  [[nodiscard]] std::size_t rows() const noexcept { return lines_.size(); }
  /// The cells of a column, to do with as one likes; borrowed until the next rows are taken.
  [[nodiscard]] std::span<std::string_view> column(std::size_t column) noexcept {
    return {cells_.data() + column * longest_, rows()};
  }
  [[nodiscard]] std::span<const std::uint64_t> lines() const noexcept { return lines_; }

 private:
  // No powers of two: places of a row in as many columns would be places that the caches keep few of.
  static constexpr std::size_t kRows = 125;
  static constexpr std::size_t kCells = 4000;  // not more than the innermost caches hold

  std::size_t columns_;
  std::size_t longest_ = 0;              ///< rows that there is room for in a column
  std::vector<std::string_view> cells_;  ///< column by column
  std::vector<std::uint64_t> lines_;
};

}  // namespace neve::dataset
