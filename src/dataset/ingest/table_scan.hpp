#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <neve/dataset/add_options.hpp>

#include "dataset/columns/column_profile.hpp"
#include "dataset/columns/text_dictionary.hpp"
#include "dataset/columns/text_facts.hpp"
#include "dataset/ingest/ingest_progress.hpp"
#include "dataset/table/period_header.hpp"
#include "dataset/table/rejected_rows.hpp"
#include "dataset/table/row_block.hpp"
#include "dataset/table/table_layout.hpp"
#include "dataset/table/table_reader.hpp"

namespace neve::dataset {

/// The table of a text as it will be normalised: found out, perhaps unpivoted, and read through once.
class TableScan {
 public:
  /// Reads the whole text. Throws `invalid_argument` if it is no table or cannot be unpivoted as asked.
  TableScan(const TextFile& text, const std::string& name, const AddOptions& options, IngestProgress& progress);

  /// The same table without the rows of `remarks_in(column)`.
  [[nodiscard]] TableScan without_remarks(std::size_t column, const std::string& name, const AddOptions& options,
                                          IngestProgress& progress) const;

  /// The rows from the beginning; borrows this object.
  class Rows {
   public:
    explicit Rows(const TableScan& scan, RejectedRows* rejected);
    bool next(TableRow& row) { return source().next(row, Reach::text); }
    bool next(RowBlock& block) { return block.read(source()); }
    bool next(RowBlock& block, std::size_t most) { return block.read(source(), most); }
    [[nodiscard]] double fraction() const { return reader_.fraction(); }
    [[nodiscard]] const TableReader& reader() const noexcept { return reader_; }

   private:
    RowSource& source() { return unpivoted_ ? static_cast<RowSource&>(*unpivoted_) : reader_; }
    TableReader reader_;
    std::unique_ptr<UnpivotedSource> unpivoted_;
  };

  /// Whether the text was made from a sheet of a workbook.
  [[nodiscard]] bool of_sheet() const noexcept { return text_.sheet_width > 0; }

  /// Of a sheet: the day its workbook counts days from, in days since 1970.
  [[nodiscard]] std::optional<std::int32_t> day_zero() const noexcept { return text_.day_zero; }

  /// Where in `kept` the column is that unpivoting made of headers.
  [[nodiscard]] std::optional<std::size_t> made_period() const noexcept {
    return unpivoted ? std::optional(kept.size() - 1 - periods_.front().columns.size()) : std::nullopt;
  }

  /// Lines of rows with a text in the column, which calls nothing a total, and no other cell: remarks, if the column is
  /// one of times, or of numbers and they end the table, without them. None where it has other texts, or rows that call
  /// themselves totals stand below them.
  [[nodiscard]] std::span<const std::uint64_t> remarks_in(std::size_t column) const;
  /// Whether there are such lines, and no row stands below one of them, as it does below a heading.
  [[nodiscard]] bool remarks_end_table(std::size_t column) const;

  std::vector<std::string> headers;  ///< of the columns, after unpivoting
  std::vector<std::string> names;    ///< normalised
  std::vector<ColumnProfile> profiles;
  std::vector<TextDictionary> dictionaries;  ///< of the columns; closed where they do not pay
  std::vector<TextFacts> texts;              ///< of each column: what they say of amounts
  std::vector<bool> begins_filled;           ///< of each column: its cell in the first row is not empty
  std::vector<std::size_t> kept;             ///< indices of the columns that go on: not those without header and cells
  RejectedRows rejected;
  std::uint64_t rows = 0;
  std::size_t group_rows = 0;  ///< that are written together
  std::uint64_t empty_lines = 0;
  std::uint64_t short_rows = 0;
  DoubtfulRows doubtful;
  std::uint64_t escaped_quote_line = 0;  ///< of a quote that seems escaped where others are doubled; 0: none
  TableLayout layout;
  std::vector<std::size_t> period_columns;  ///< of the file; made rows if `unpivoted`
  bool unpivoted = false;
  std::vector<std::string> measures;          ///< of `period_columns`: two or more, or none where all are of the same
  std::vector<std::string> repeated_periods;  ///< of `period_columns`: those that stand over several

 private:
  TableScan(const TextFile& text, TableLayout layout_found, const std::string& name, const AddOptions& options,
            IngestProgress& progress);
  void find_periods(const std::string& name, const AddOptions& options);
  void add_period(std::size_t column, const HeaderPeriod& period);
  void unpivot_headers(const HeaderPeriod& period);
  void read_through(const std::string& name, IngestProgress& progress);
  void read_with_escapes(const std::string& name, const AddOptions& options, IngestProgress& progress);
  void note_lone_texts(RowBlock& block);
  void close_dictionaries();
  void find_kept(const std::string& name);
  void add_cells(std::size_t column, std::span<std::string_view> cells, std::span<const std::uint64_t> lines);

  TextFile text_;
  std::map<std::size_t, std::vector<std::uint64_t>> lone_texts_;  ///< of columns: lines of texts without other cells
  std::uint64_t last_row_ = 0;                                    ///< the line of the last row that is no such text
  std::vector<PeriodCells> periods_;
  std::uint64_t odd_quotes_ = 0;
  std::uint64_t rows_without_unnamed_ = 0;
};

}  // namespace neve::dataset
