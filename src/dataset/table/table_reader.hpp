#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dataset/csv/record_reader.hpp"
#include "dataset/table/rejected_rows.hpp"
#include "dataset/table/row_source.hpp"
#include "dataset/table/table_layout.hpp"
#include "dataset/text/file_input.hpp"

namespace neve::dataset {

/// How many rows may be several, and where the first of them is.
struct DoubtfulRows {
  std::uint64_t count = 0;
  std::uint64_t first_line = 0;
};

/// The rows of a table in a text: records with as many fields as the header has, or more of which the last are empty,
/// or as few as the layout allows, and no remarks. Everything else goes to `rejected`. Used by one thread.
class TableReader final : public RowSource {
 public:
  /// Borrows `layout` and, unless it is null, `rejected`.
  TableReader(const TextFile& text, const TableLayout& layout, RejectedRows* rejected);

  bool next(TableRow& row, Reach reach) override;
  [[nodiscard]] double fraction() const override;

  /// Lines so far without a value, be there delimiters or not.
  [[nodiscard]] std::uint64_t empty_lines() const noexcept { return reader_.empty_lines() + blank_rows_; }
  /// Rows so far that ended early.
  [[nodiscard]] std::uint64_t short_rows() const noexcept { return short_rows_; }
  /// Rows that lack columns without names, and no others.
  [[nodiscard]] std::uint64_t rows_without_unnamed() const noexcept { return rows_without_unnamed_; }
  [[nodiscard]] std::uint64_t odd_quotes() const noexcept { return reader_.odd_quotes(); }
  [[nodiscard]] std::uint64_t escaped_quote_line() const noexcept { return reader_.escaped_quote_line(); }
  /// Rows so far that go over lines each of which could be one.
  [[nodiscard]] const DoubtfulRows& doubtful() const noexcept { return doubtful_; }

 private:
  void pad(Record& record);
  [[nodiscard]] bool fits(const Record& record, std::uint64_t line);
  [[nodiscard]] bool repeats_header(const Record& record) const;
  void reject_remark(std::span<const std::string_view> cells, std::uint64_t line);
  void reject(const char* kind, std::uint64_t line, const std::string& reason, const Record& record);

  const TableLayout& layout_;
  RejectedRows* rejected_;
  std::size_t sheet_width_;
  std::size_t padded_from_;  ///< records with so many fields ...
  std::size_t padded_to_;    ///< ... and fewer than so many get empty ones
  std::vector<std::string_view> padded_;
  std::uint64_t short_rows_ = 0;
  std::uint64_t rows_without_unnamed_ = 0;
  std::uint64_t blank_rows_ = 0;  ///< delimiters and blanks alone
  DoubtfulRows doubtful_;
  FileInput input_;
  RecordReader reader_;
};

/// A row that unpivoting makes of each row of a table: a period, and the columns of its values, one for each measure.
struct PeriodCells {
  std::string period;
  std::vector<std::size_t> columns;
};

/// A table whose columns of periods have become rows: the other columns, then the period and its values. Periods
/// without any value make no row. Used by one thread.
class UnpivotedSource final : public RowSource {
 public:
  /// Borrows `wide`. `periods` are one or more, with as many columns each.
  UnpivotedSource(RowSource& wide, std::vector<PeriodCells> periods);

  bool next(TableRow& row, Reach reach) override;
  [[nodiscard]] double fraction() const override { return wide_.fraction(); }

 private:
  RowSource& wide_;
  std::vector<PeriodCells> periods_;
  std::vector<std::size_t> period_columns_;  ///< of all periods, ascending
  TableRow current_;
  std::size_t at_;
  std::vector<std::string_view> cells_;
};

}  // namespace neve::dataset
