#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/columns/cell_converter.hpp"

namespace neve::dataset {

/// Tells rows that sum up others ("Total", "North subtotal") from rows that are data.
///
/// A row is one if a text cell says so and, besides, either its numbers are the exact sums of the rows since the last
/// such row, or of all rows so far, or every other text and date cell is blank where other rows fill them. A row that
/// only says so stays data and is counted as doubtful: a customer may be called Total. Used by one thread, row by row
/// in order.
class TotalRows {
 public:
  explicit TotalRows(std::vector<ColumnPlan> plans);

  /// Whether this row is one.
  bool observe(std::span<const CellValue> values, std::uint64_t line);

  struct Example {
    std::uint64_t line;
    std::string label;
    bool verified;  ///< its numbers are the sums
  };

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t doubtful() const noexcept { return doubtful_; }
  [[nodiscard]] const std::vector<Example>& examples() const noexcept { return examples_; }
  [[nodiscard]] const Example& first_doubtful() const noexcept { return first_doubtful_; }

 private:
  struct Sum {
    std::size_t column;
    Int128 since_last = 0;
    Int128 all = 0;
  };

  [[nodiscard]] std::string_view label_of(std::span<const CellValue> values) const;
  [[nodiscard]] bool is_sum(std::span<const CellValue> values) const;
  [[nodiscard]] std::size_t filled_others(std::span<const CellValue> values) const;
  [[nodiscard]] bool stands_alone(std::span<const CellValue> values) const;

  std::vector<ColumnPlan> plans_;
  std::vector<std::size_t> texts_;
  std::vector<std::size_t> others_;  ///< texts and times: blank in a row of sums, but for the label
  std::vector<Sum> sums_;
  bool overflow_ = false;
  std::uint64_t rows_since_last_ = 0;
  std::uint64_t rows_ = 0;         ///< of data
  std::uint64_t fuller_rows_ = 0;  ///< of them: with more than one of `others_` filled
  std::uint64_t count_ = 0;
  std::uint64_t doubtful_ = 0;
  std::vector<Example> examples_;
  Example first_doubtful_{0, "", false};
};

/// True for `Total`, `Grand total:`, `North subtotal`, `Total 2024`, `Summe`, `Gesamt` and the like.
[[nodiscard]] bool says_total(std::string_view cell) noexcept;

}  // namespace neve::dataset
