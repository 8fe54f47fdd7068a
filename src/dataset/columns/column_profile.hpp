#pragma once

#include <array>
#include <climits>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "dataset/columns/cell_memo.hpp"
#include "dataset/values/date_text.hpp"
#include "dataset/values/number_text.hpp"
#include "dataset/values/plain_number.hpp"

namespace neve::dataset {

/// A cell and where it stands, for messages.
struct CellExample {
  std::uint64_t line = 0;  ///< 0: there is none
  std::string text;
};

/// What the numbers of a column look like under one decimal mark.
struct NumberFacts {
  std::uint64_t count = 0;    ///< cells that are numbers
  std::uint64_t only = 0;     ///< of them: cells that are none under the other mark
  std::uint64_t open = 0;     ///< cells with decimals that are numbers under the other mark, too: 1.234
  std::uint64_t certain = 0;  ///< numbers of a workbook with decimals or percent: the same under both marks
  std::uint16_t traits = 0;   ///< of any of them
  std::uint16_t spelling =
      0;  ///< how many decimals they have: `kDecimals` << count, `kZeroEnd` << count if a 0 is last
  std::uint64_t percents = 0;
  std::uint64_t zeros_without_percent = 0;
  std::int64_t least = INT64_MAX;  ///< of those with at most four digits and no decimals
  std::int64_t most = INT64_MIN;
  std::uint64_t small = 0;               ///< how many those are
  bool only_zeros = true;                ///< all decimals so far were zeros: 2024.0 ...
  std::uint64_t small_zeros = 0;         ///< ... and so many of these cells had at most four digits before
  std::int64_t least_zeros = INT64_MAX;  ///< of them
  std::int64_t most_zeros = INT64_MIN;
  bool beyond_narrow = false;   ///< some need more than DECIMAL(18,6)
  bool beyond_integer = false;  ///< some need more than 64 bits

  static constexpr std::uint16_t kDecimals = 1U << 0U;
  static constexpr std::uint16_t kZeroEnd = 1U << 8U;

  /// Whether one number may be written in two ways, as 1.1 and 1.10 or 100 and 1E2. Money is not meant: it has as many
  /// decimals everywhere, or marks such as a currency.
  [[nodiscard]] bool spells_differently() const noexcept;
};

/// The numbers of a column that are months in six digits: 202401. A plain value.
struct YearMonths {
  std::uint64_t count = 0;
  std::uint16_t months = 0;  ///< which occur: bit 1 is January
  int least_year = INT_MAX;
  int most_year = INT_MIN;

  void add(std::uint64_t number) noexcept;
  /// Whether there is more than one.
  [[nodiscard]] bool differ() const noexcept;
  /// Whether all end in 01 to 04.
  [[nodiscard]] bool in_quarters() const noexcept;
  /// Whether they could be quarters of several years: 202304 is followed by 202401.
  [[nodiscard]] bool may_be_quarters() const noexcept { return least_year < most_year && in_quarters(); }
  /// Whether they could be days: 200112 is 2020-01-12, or December 2001.
  [[nodiscard]] bool may_be_days() const noexcept;
};

/// Everything that every cell of a column says about the column's type. Used by one thread.
///
/// Equal cells in equal order give equal profiles. A column with `kSettled` cells that are nothing but text is text,
/// and its further cells are only counted.
class ColumnProfile {
 public:
  /// `cell` is trimmed.
  void add(std::string_view cell, std::uint64_t line);
  /// The same for some cells, each with its line.
  void add(std::span<const std::string_view> some, std::span<const std::uint64_t> lines);
  /// A cell of a workbook that is a number, written with a point: no spelling of it decides anything.
  void add_certain(std::string_view cell, std::uint64_t line);
  /// Counts what was put off. The counts below are right when this has been called after the last `add`.
  void finish();

  static constexpr std::uint64_t kSettled = 1000;

  std::uint64_t cells = 0;  ///< that are not empty
  std::uint64_t empty = 0;
  std::uint64_t blank_words = 0;
  NumberFacts dot;
  NumberFacts comma;
  std::map<std::string, std::uint64_t> currencies;
  std::uint64_t currency_zeros = 0;    ///< of `currencies`: amounts of nothing
  std::uint64_t certain_percents = 0;  ///< numbers of a workbook that are shown as percent
  std::uint64_t certain_plain = 0;     ///< and those that are not, without zeros
  std::uint64_t durations = 0;         ///< numbers of a workbook that are shown as 36:00, and are days

  std::uint64_t unit_letters = 0;  ///< numbers with a letter behind them that makes them millions or the like: 12.5b

  std::array<std::uint64_t, 7> shapes{};  ///< dates, by `DateShape`
  std::uint64_t day_first = 0;            ///< 31/1: cannot be read the other way
  std::uint64_t month_first = 0;          ///< 1/31
  std::uint64_t open_order = 0;           ///< 3/4; days such as 4/4 are the same either way and in none of the three
  std::uint64_t open_dotted = 0;          ///< those of them that are written 3.4.
  int latest_day = 0;                     ///< of dates with the year first
  bool first_always_one = true;           ///< of dates with two numbers first
  bool second_always_one = true;
  std::uint64_t short_dates = 0;  ///< 24-01-13: its last number could be a day, too, and its first a year
  int least_first = INT_MAX;      ///< of those, as they stand
  int most_first = INT_MIN;
  int least_third = INT_MAX;
  int most_third = INT_MIN;
  std::uint64_t short_years = 0;
  std::uint64_t short_dotted = 0;  ///< of dates with two numbers first: 01.02.03
  int least_year = INT_MAX;        ///< of days
  int most_year = INT_MIN;
  std::uint64_t times = 0;
  std::uint64_t trimesters = 0;   ///< T1 2024: quarters, or thirds of a year
  bool fourth_trimester = false;  ///< one of them is the fourth, so none is a third
  YearMonths year_months;
  std::uint64_t dotted_months = 0;  ///< 01.2024: numbers, unless all are such
  std::uint64_t year_quarters = 0;  ///< numbers that are quarters in five digits: 20241
  std::uint64_t day_serials = 0;    ///< whole numbers that may be days as a spreadsheet counts them
  std::uint64_t first_serial = 0;   ///< of them

  std::uint64_t truths = 0;      ///< words for true or false
  std::uint8_t truth_pairs = 0;  ///< of which pairs of words they are: bits of `TruthWord::pair`
  std::uint8_t true_pairs = 0;   ///< of them: the word for true occurs
  std::uint8_t false_pairs = 0;
  std::uint64_t fiscal_years = 0;  ///< FY2023
  std::uint64_t year_ranges = 0;   ///< 2009/10: some are months as well
  std::uint64_t month_names = 0;
  std::uint64_t quarter_names = 0;
  std::uint64_t credits_and_debits = 0;  ///< of `texts`: amounts with CR or DR behind them, before the column settled
  std::uint64_t texts = 0;               ///< cells that are nothing of the above
  std::uint64_t total_labels = 0;        ///< of `texts`: those that call their rows totals, before the column settled
  std::uint64_t last_total_label = 0;    ///< line of the last of them
  std::uint64_t text_bytes = 0;          ///< of all cells
  CellExample first_text;
  CellExample first_unit_letter;
  CellExample first_non_number;
  CellExample first_non_date;

  /// Cells that are not blank whatever the column's type.
  [[nodiscard]] std::uint64_t dates() const noexcept;

  /// Whether the dates could be yy-mm-dd as well: all have short years and begin with more than any month has, but
  /// these first numbers differ no more than the last ones, as days would, or the last are first or last days of
  /// months.
  [[nodiscard]] bool may_have_year_first() const noexcept;

 private:
  /// A cell that was read once, and how often it has come since.
  struct Repeats {
    std::uint32_t count = 0;
    bool plain_text = false;  ///< counted at once, since the column settles by that
    bool total_label = false;
  };

  void count(std::span<const std::string_view> some) noexcept;
  void add_filled(std::string_view cell, std::uint64_t line);
  void add_short(std::string_view cell, std::uint64_t line);
  void add_repeats(CellMemo<Repeats>::Place& place);
  void classify(std::string_view cell, std::uint64_t line, std::uint64_t copies);
  bool classify_number(std::string_view cell, std::uint64_t copies);
  bool classify_word(std::string_view cell, std::uint64_t copies);
  void add_number(NumberFacts& facts, const ParsedNumber& number, std::uint64_t copies);
  void add_number_with(NumberFacts& facts, char mark, const ParsedNumber& number, bool other, std::string_view cell,
                       std::uint64_t copies);
  bool add_date(std::string_view cell, std::uint64_t copies);
  void note_date(const ParsedDate& date, std::string_view cell, std::uint64_t copies);
  void note_order(const ParsedDate& date, bool as_day_first, bool as_month_first, std::string_view cell,
                  std::uint64_t copies);
  void note_short_date(const ParsedDate& date, std::string_view cell, std::uint64_t copies);
  void note_total_label(std::uint64_t line, std::uint64_t copies) noexcept;
  bool add_plain(std::string_view cell);
  void add_five_digits(std::uint64_t number) noexcept;
  bool add_plain_date(std::string_view cell);
  void add_plain_integer(const PlainNumber& number);
  void note_zeros(const PlainNumber& number);
  void note(CellExample& example, std::string_view cell, std::uint64_t line);

  CellMemo<Repeats> memo_;
  std::uint64_t searches_ = 0;  ///< in the memo
  std::uint64_t dollars_ = 0;   ///< of `currencies`, put off
};

}  // namespace neve::dataset
