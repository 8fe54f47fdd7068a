#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dataset/columns/cell_memo.hpp"
#include "dataset/columns/coercions.hpp"
#include "dataset/columns/column_plan.hpp"
#include "dataset/columns/distinct_counter.hpp"
#include "dataset/columns/seen_days.hpp"

namespace neve::dataset {

/// A cell as a value of its column's type.
struct CellValue {
  bool blank = true;
  Int128 number = 0;      ///< decimal, fraction: millionths; integer: itself; date: days since 1970; boolean: 0 or 1;
                          ///< text: its number in the column's dictionary, if there is one
  std::string_view text;  ///< of a text column, or the label of a total among times; borrowed from the cell
};

/// Turns the cells of one column into values, in order, and counts what it had to do. Used by one thread.
class CellConverter {
 public:
  explicit CellConverter(ColumnPlan plan);

  /// Throws `internal` if the cell contradicts the plan: the file changed while it was read.
  CellValue convert(std::string_view cell, std::uint64_t line);
  /// The same for some cells, each with its line; `values` has as many.
  void convert(std::span<const std::string_view> cells, std::span<const std::uint64_t> lines,
               std::span<CellValue> values);

  [[nodiscard]] const ColumnPlan& plan() const noexcept { return plan_; }
  [[nodiscard]] const CoercionCounts& coercions() const noexcept { return coercions_; }
  [[nodiscard]] const DistinctCounter& distinct() const noexcept { return distinct_; }
  /// Ways in which the values are written, if the plan has them counted.
  [[nodiscard]] const DistinctCounter& spellings() const noexcept { return spellings_; }
  [[nodiscard]] std::uint64_t blanks() const noexcept { return blanks_; }
  [[nodiscard]] std::uint64_t text_bytes() const noexcept { return text_bytes_; }

 private:
  /// What a cell became: the rest of it is known to have been counted. In words of 32 bits, which leave no gap behind
  /// the cell in its memo.
  struct Converted {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::uint32_t coercions = 0;

    [[nodiscard]] std::int64_t number() const noexcept {
      return static_cast<std::int64_t>(std::uint64_t{high} << 32U | low);
    }
    /// Every cell that becomes blank is counted for it.
    [[nodiscard]] bool blank() const noexcept {
      constexpr std::uint32_t kToBlank =
          CoercionCounts::bit(Coercion::blank_word) | CoercionCounts::bit(Coercion::unreadable_to_blank);
      return (coercions & kToBlank) != 0 || total_label();
    }
    [[nodiscard]] bool total_label() const noexcept {
      return (coercions & CoercionCounts::bit(Coercion::total_label_to_blank)) != 0;
    }
  };

  /// Whether most of its cells are plain numbers.
  [[nodiscard]] bool is_number() const noexcept {
    return (plan_.type == ColumnType::integer || plan_.type == ColumnType::decimal) && !plan_.by_name;
  }
  void count_text(std::string_view cell, std::string_view raw, std::uint64_t line);
  [[noreturn]] void contradict(std::string_view cell, std::uint64_t line) const;
  CellValue convert_text(std::string_view cell, std::string_view raw, std::uint64_t line);
  void convert_texts(std::span<const std::string_view> cells, std::span<const std::uint64_t> lines,
                     std::span<CellValue> values);
  template <class Plain>
  void convert_each(std::span<const std::string_view> cells, std::span<const std::uint64_t> lines,
                    std::span<CellValue> values, const Plain& plain);
  CellValue convert_other(std::string_view cell, std::uint64_t line);
  CellValue convert_short(std::string_view cell, std::uint64_t line);
  CellValue convert_fresh(std::string_view cell, std::uint64_t line, char mark);
  bool convert_plain(std::string_view cell, std::uint64_t line, char mark, CellValue& value);
  bool convert_number(std::string_view cell, std::uint64_t line, char mark, CellValue& value);
  bool take_number_mark(std::string_view& raw) const noexcept;
  bool convert_date(std::string_view cell, std::uint64_t line, CellValue& value);
  [[nodiscard]] std::optional<std::int32_t> first_day_of_period(std::uint64_t number) const noexcept;
  bool convert_date_digits(std::string_view cell, std::uint64_t line, CellValue& value);
  bool convert_plain_date(std::string_view cell, std::uint64_t line, CellValue& value);
  void count_date(const ParsedDate& date, std::int32_t days, std::string_view cell, std::uint64_t line);
  void count_different(const CellValue& value, std::string_view cell);
  void count_spelling(bool zero, std::string_view cell);
  bool convert_fiscal_year(std::string_view cell, std::uint64_t line, CellValue& value);
  bool convert_word(std::string_view cell, std::uint64_t line, CellValue& value);
  void count_traits(const ParsedNumber& number, std::string_view cell, std::uint64_t line, char mark);

  ColumnPlan plan_;
  CoercionCounts coercions_;
  DistinctCounter distinct_;
  SeenDays days_;
  DistinctCounter spellings_;
  CellMemo<Converted> memo_;
  std::uint64_t blanks_ = 0;
  std::uint64_t text_bytes_ = 0;
  std::vector<std::string_view> trimmed_;  ///< scratch
};

/// Millionths as digits: `-12.5`, `3`.
[[nodiscard]] std::string micro_text(Int128 micro);

/// Days since 1970 as yyyy-mm-dd.
[[nodiscard]] std::string date_text(std::int64_t days);

}  // namespace neve::dataset
