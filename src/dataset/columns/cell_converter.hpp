#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dataset/columns/cell_memo.hpp"
#include "dataset/columns/coercions.hpp"
#include "dataset/columns/column_plan.hpp"
#include "dataset/columns/distinct_counter.hpp"

namespace neve::dataset {

/// A cell as a value of its column's type.
struct CellValue {
  bool blank = true;
  Int128 number = 0;      ///< decimal, fraction: millionths; integer: itself; date: days since 1970; boolean: 0 or 1
  std::string_view text;  ///< of a text column; borrowed from the cell
};

/// Turns the cells of one column into values, in order, and counts what it had to do. Used by one thread.
class CellConverter {
 public:
  explicit CellConverter(ColumnPlan plan) : plan_(std::move(plan)) {}

  /// Throws `internal` if the cell contradicts the plan: the file changed while it was read.
  CellValue convert(std::string_view cell, std::uint64_t line);

  [[nodiscard]] const ColumnPlan& plan() const noexcept { return plan_; }
  [[nodiscard]] const CoercionCounts& coercions() const noexcept { return coercions_; }
  [[nodiscard]] const DistinctCounter& distinct() const noexcept { return distinct_; }
  /// Ways in which the values are written, if the plan has them counted.
  [[nodiscard]] const DistinctCounter& spellings() const noexcept { return spellings_; }
  [[nodiscard]] std::uint64_t blanks() const noexcept { return blanks_; }
  [[nodiscard]] std::uint64_t text_bytes() const noexcept { return text_bytes_; }

 private:
  /// What a cell became: the rest of it is known to have been counted.
  struct Converted {
    std::int64_t number = 0;
    std::uint32_t coercions = 0;
    bool blank = false;
  };

  CellValue convert_text(std::string_view cell, std::string_view raw, std::uint64_t line);
  CellValue convert_short(std::string_view cell, std::uint64_t line);
  CellValue convert_fresh(std::string_view cell, std::uint64_t line);
  bool convert_plain(std::string_view cell, std::uint64_t line, CellValue& value);
  bool convert_number(std::string_view cell, std::uint64_t line, CellValue& value);
  bool convert_date(std::string_view cell, std::uint64_t line, CellValue& value);
  void count_different(const CellValue& value, std::string_view cell);
  bool convert_fiscal_year(std::string_view cell, std::uint64_t line, CellValue& value);
  bool convert_word(std::string_view cell, std::uint64_t line, CellValue& value);
  void count_traits(const ParsedNumber& number, std::string_view cell, std::uint64_t line, Int128 micro);

  ColumnPlan plan_;
  CoercionCounts coercions_;
  DistinctCounter distinct_;
  DistinctCounter spellings_;
  CellMemo<Converted> memo_;
  std::uint64_t blanks_ = 0;
  std::uint64_t text_bytes_ = 0;
};

/// Millionths as digits: `-12.5`, `3`.
[[nodiscard]] std::string micro_text(Int128 micro);

/// Days since 1970 as yyyy-mm-dd.
[[nodiscard]] std::string date_text(std::int64_t days);

}  // namespace neve::dataset
