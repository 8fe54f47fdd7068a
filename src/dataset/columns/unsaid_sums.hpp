#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dataset/columns/cell_converter.hpp"
#include "dataset/values/int128.hpp"

namespace neve::dataset {

/// Finds amounts that sum up others though neither a word nor the shape of the table says so. A plain value.
///
/// - Rows: as in charts of accounts, numbered or indented outlines and net, tax and gross, nearly every row is the
///   exact sum of the rows below it (or above it), which may be sums themselves, or a part of such a sum, and there are
///   many more sums than chance makes of numbers of this size and kind: gains and losses add up to anything. Bookings
///   look like outlines as well, a debit of 100 above credits of 60 and 40: so these rows are told of, and stay data.
/// - Columns: the total of an order that stands in each of its lines, beside their amounts.
///
/// Only tables of at most `kMostRows` rows are looked at; where a column per period was made rows, one period. Used by
/// one thread, row by row in order.
class UnsaidSums {
 public:
  static constexpr std::size_t kMostRows = 5000;

  struct Found {
    std::uint64_t rows = 0;  ///< that are sums
    std::uint64_t line = 0;  ///< of the first
    bool above = false;      ///< what they sum up stands above them
    /// A column by which a filter tells them from all others, and what they say there, if there is such.
    std::optional<std::size_t> label;
    std::vector<std::string> texts;  ///< each once, in the order of the table
    /// Columns of totals that several rows repeat, each with the column of their parts.
    std::vector<std::pair<std::size_t, std::size_t>> repeated;
  };

  /// `known` are rows that are sums already, ascending; they are not looked at.
  UnsaidSums(std::span<const ColumnPlan> plans, std::optional<std::size_t> made_period,
             std::span<const std::uint64_t> known);

  void observe(std::span<const CellValue> values, std::uint64_t line);

  /// The decision, once all rows have been observed.
  [[nodiscard]] Found decide() const;

 private:
  void tell_apart(const std::vector<bool>& sums, Found& found) const;
  [[nodiscard]] bool repeats(std::size_t total, std::size_t part) const;

  std::vector<std::size_t> numbers_;  ///< columns
  std::vector<std::size_t> texts_;    ///< columns
  std::optional<std::size_t> made_period_;
  std::optional<std::int64_t> period_;
  std::span<const std::uint64_t> known_;
  std::uint64_t row_ = 0;
  std::vector<std::uint64_t> lines_;            ///< of the rows that are looked at
  std::vector<std::vector<Int128>> values_;     ///< of each of `numbers_`; blank is zero
  std::vector<std::vector<std::string>> said_;  ///< of each of `texts_`
  std::vector<Int128> steps_;                   ///< of each of `numbers_`
};

}  // namespace neve::dataset
