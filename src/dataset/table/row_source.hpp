#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "dataset/csv/record_reader.hpp"

namespace neve::dataset {

/// One row of a table. Its list of cells is borrowed from its source until the next is asked for, their texts as
/// `Reach` says.
struct TableRow {
  std::span<const std::string_view> cells;  ///< as many as the table has columns; not trimmed
  std::uint64_t line = 0;                   ///< where it stands in the file: a line of text or a row of a sheet
};

/// The rows of a table, once, in order. Used by one thread.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// False at the end, or if the row is out of reach.
  virtual bool next(TableRow& row, Reach reach) = 0;
  /// How much of the input is behind it, 0 to 1.
  [[nodiscard]] virtual double fraction() const = 0;
};

}  // namespace neve::dataset
