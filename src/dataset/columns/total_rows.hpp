#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/columns/total_label.hpp"
#include "dataset/columns/total_words.hpp"

namespace neve::dataset {

/// What was found out about the rows that call themselves totals. A plain value.
struct TotalRowsFound {
  struct Example {
    std::uint64_t line = 0;
    std::string label;      ///< empty: it has none
    bool verified = false;  ///< its numbers are the sums
  };

  std::vector<std::uint64_t> rows;  ///< ascending, the first row of the table is 0
  std::uint64_t doubtful = 0;       ///< call themselves totals and are kept as data
  std::vector<Example> examples;    ///< of `rows`, the first twenty
  Example first_doubtful;
  std::uint64_t below = 0;  ///< rows below one of `rows` that may belong to it, as a mean or a tax does; kept as data
  Example first_below;
  /// Rows that may be headings of an outline or one side of bookings; kept as data.
  struct Sides {
    std::uint64_t rows = 0;
    std::uint64_t line = 0;     ///< of the first
    std::string heading;        ///< the name of a column that they fill ...
    std::string detail;         ///< ... and of one that only those fill which they may sum up
    bool counterparts = false;  ///< both hold the same kind of thing
    /// Names of columns of which those others fill one at least, and these none.
    std::vector<std::string> only_below = {};
  };
  Sides sides;
  std::size_t multiple = 0;  ///< not 0: the other rows come to so many times as much as `whole`, and are kept as data
  Example whole;
};

/// Tells rows that sum up others ("Total", "North subtotal") from rows that are data.
///
/// A row is a total if a text cell says so and one of these holds:
/// - Its numbers are sums: of the rows since the last total, of all rows before it, of the rows up to the next total,
///   or of all rows; either of all periods or of its own. At least half of its numbers must be sums, one of them not
///   zero; each may be off by what rounding the summands explains.
/// - Its other text and date cells are all blank, where other rows, before or behind it, fill them; but not if several
///   rows have the same label, it has a name in it ("Total Energies") and none of them has sums; and not by a word
///   that names have as well ("Summa Health").
///
/// Sums with other cells filled may be chance. Such a row is no total
/// - if more rows with the same label are not sums than are;
/// - if its sums are small, less than 25 of the smallest steps of their column, so that many rows could have them, and
///   either more than one in ten of the labelled rows are no sums, or it is the only one and neither the first nor the
///   last row of the table.
///
/// A row that says so and is exactly as much as the only row since the last total is one as well, if another row that
/// says so in the same way, and fills as many cells, has been proven: subtotals of groups, of which some have one row.
/// So is one whose label stands among times, and each of three such rows at least if the table has no others.
/// But not if a total below has its amount in it: that of a customer called so, who pays what the one before pays.
///
/// What unpivoting makes of one row of the file is a total in all periods if half of it, without the zeros, is.
///
/// A row that is called by a row above it which has no numbers, as "Total for Expenses" is by "Expenses", may sum up
/// the rows below that heading, whatever stands before it: statements have results between their totals.
/// So may a row the rows since such a result.
///
/// A row whose text and date cells are all blank (in a table of numbers: whose first cell is), where most rows fill
/// one, and a row that says so by stars only, may be totals as well. Of these nothing but large sums is proof, of rows
/// before a blank one by at least half of the numbers that are not zero; one that has none is no doubtful total. If
/// more blank rows are no sums than are, only that of all data is one. Where texts are blank in most rows, only the
/// last row is one, and of columns with three numbers at least that are not zero.
///
/// A row that says it is a total and is none stays data, is part of what totals sum up, and is counted as doubtful: a
/// customer may be called Total. Used by one thread, row by row in order.
class TotalRows {
 public:
  /// `made_period` is the column that unpivoting made: it is filled in every row and proves nothing. `known` are rows
  /// that are sums by the shape of the table, ascending.
  TotalRows(std::span<const ColumnPlan> plans, std::optional<std::size_t> made_period,
            std::vector<std::uint64_t> known = {});

  void observe(std::span<const CellValue> values, std::uint64_t line);

  /// The decision, once all rows have been observed.
  [[nodiscard]] TotalRowsFound decide();

 private:
  struct Sums {
    std::vector<Int128> columns;
    std::uint64_t rows = 0;  ///< with a number
  };
  /// Of one period, or of all of them.
  struct Group {
    Sums since_last;                     ///< rows since the last sum, and labelled rows that are none
    Sums since_result;                   ///< of them, those since the last row that says that it is a result
    Sums until_repeating;                ///< of them, those up to the last row that repeats the one before it
    std::vector<std::size_t> repeating;  ///< those labelled rows since the last sum
    Sums before;                         ///< all rows so far that are no sums
    Sums data;                           ///< of them, those without a label
    Sums ahead;                          ///< rows without a label since the last one with it
    std::vector<std::size_t> open;       ///< the labelled row before `ahead`, if it has not been verified
  };
  /// Whether numbers are sums.
  enum class Agreement : std::uint8_t {
    none,
    weak,  ///< they are, but all so small that other rows could have them by chance
    strong,
  };
  /// A row that may belong to the total above it: it calls itself an average, or has one text and nothing else, or
  /// leaves numbers blank that the total has.
  struct Below {
    std::size_t total;  ///< the row of `labelled_` that it follows
    std::uint64_t line;
    std::string label;
    bool average;
    bool fewer;  ///< numbers than the total
  };
  struct Labelled {
    std::uint64_t row;
    std::uint64_t line;
    std::string label;
    std::vector<CellValue> numbers;
    std::string period;
    std::size_t filled;  ///< text and date cells, its label among them
    TotalWords words;
    bool alone;        ///< no other is filled, though other rows fill them, and its label is plain
    bool among_times;  ///< its label stands in a column of times, where no customer is called so
    bool repeats;      ///< it says so, and has the numbers of the only row since the last total or the last such row
    bool summand = false;  ///< it repeats one, and a total below proves it to be data
    Agreement agreement = Agreement::none;
    bool total = false;

    [[nodiscard]] bool says_so() const noexcept { return words != TotalWords::none; }
  };

  [[nodiscard]] std::string period_of(std::span<const CellValue> values) const;
  [[nodiscard]] std::vector<CellValue> numbers_of(std::span<const CellValue> values) const;
  enum class Rigour : std::uint8_t {
    usual,   ///< half of the numbers are sums
    every,   ///< all of them are
    strict,  ///< half of them are, exactly, and zeros that are the sums of zeros prove nothing
  };
  /// What is asked of a row that says it is a total. One that has as many texts and dates as a row can have looks like
  /// data; of an article called "Total Care" a quantity may be a sum by chance, but hardly its amount as well.
  [[nodiscard]] Rigour rigour_for(TotalWords words, std::size_t filled) const noexcept;
  [[nodiscard]] Agreement agreement(const std::vector<CellValue>& numbers, const Sums& sums,
                                    Rigour rigour = Rigour::usual) const;
  /// Whether the row's numbers are sums that prove it a total.
  [[nodiscard]] bool proves(const Labelled& row) const;
  [[nodiscard]] bool is_telling(const Labelled& row, bool nearly_all_agree) const;
  [[nodiscard]] std::size_t filled_others(std::span<const CellValue> values) const;
  [[nodiscard]] bool stands_alone(std::size_t filled) const;
  void find_alone();
  void doubt_silent();
  void compare_with_all_data();
  [[nodiscard]] static bool sums_nothing(const Labelled& row);
  void judge_lines();
  void judge_sums();
  [[nodiscard]] TotalRowsFound found() const;
  [[nodiscard]] Agreement agreement_with(const Labelled& row, const Sums& data, const Sums& labelled);
  void add(Sums& sums, std::span<const CellValue> numbers);
  static void clear(Sums& sums);
  [[nodiscard]] Sums difference(const Sums& all, const Sums& first);
  void resize(Group& group) const;
  void close(Group& group);
  Group* group_of(const std::string& period);
  [[nodiscard]] bool is_result(std::span<const CellValue> values) const;
  void note_heading(std::span<const CellValue> values);
  /// Of the rows below the heading that the label has in it; of none if there is no such.
  [[nodiscard]] Sums below_heading(std::string_view label);
  void observe_below(std::span<const CellValue> values, std::uint64_t line);
  void observe_label(std::string_view label, std::span<const CellValue> values, std::uint64_t line);
  [[nodiscard]] bool sums_silently(std::span<const CellValue> values);
  [[nodiscard]] std::string text_of(std::span<const CellValue> values) const;
  [[nodiscard]] bool repeats(const Labelled& row, const Sums& sums) const;
  void judge_repeating();
  void judge_last();

  TotalLabel label_;
  std::vector<std::size_t> numbers_;
  std::vector<std::size_t> times_;
  /// Texts and times, or else the first number: blank in a row of sums, but for the label.
  std::vector<std::size_t> others_;
  bool texts_ = true;                    ///< `others_` are such
  std::vector<Int128> units_;            ///< of each number: the power of ten that divides all of its values
  std::vector<std::uint64_t> not_zero_;  ///< of each number: how many rows of data have another
  std::vector<std::uint64_t> known_;
  std::vector<TotalRowsFound::Example> known_examples_;
  std::map<std::string, Group> periods_;
  Group everything_;
  std::vector<Labelled> labelled_;
  std::size_t labelled_in_words_ = 0;
  std::vector<Below> below_;
  std::map<std::string, Sums> headings_;  ///< rows with a text and no numbers: what stood above them, without sums
  std::uint64_t after_label_ = 0;  ///< the row that follows the last of `labelled_` and those of `below_` behind it
  bool overflow_ = false;
  std::uint64_t row_ = 0;
  std::uint64_t last_row_ = 0;        ///< that has a number
  std::uint64_t data_rows_ = 0;       ///< with a number; remarks and headings have none
  std::uint64_t described_rows_ = 0;  ///< of them: with any of `others_` filled
  std::uint64_t fuller_rows_ = 0;     ///< of them: with more than one of `others_` filled
  std::uint64_t silent_data_ = 0;     ///< rows of which nothing says what they are about, and that are no sums
  std::uint64_t further_doubtful_ = 0;
};

}  // namespace neve::dataset
