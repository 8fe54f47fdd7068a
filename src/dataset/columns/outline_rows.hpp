#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dataset/columns/total_label.hpp"

namespace neve::dataset {

/// Finds rows that sum up others without saying so, by the shape of the table. A plain value.
///
/// Three shapes are known; sums are exact, and large enough not to be chance.
/// - Below a group of rows stands one that repeats what they have in common, leaves blank what else they fill, and has
///   their sum: as SAP prints subtotals.
/// - Above a group stands one that has nothing but their heading, whether they repeat it or leave it blank: as pivot
///   tables print an outline. Of either, nine in ten rows of such a shape must have sums, and two at least; one is
///   enough where it ends the table.
/// - A row called a total is half of what all others come to, and there is just one way to tell headings, each the sum
///   of the rows up to the next one, from what they sum up: as pivot tables print several fields in one column. It may
///   be a third, with headings of headings, and so on.
///
/// The lines of a booking have the first two shapes as well: a debit of 100 stands above credits of 60 and 40. So a row
/// is left undecided, and data, if
/// - the rows that it may sum up leave out a part of its heading and repeat another, of which no row has the sum, and
///   which tells one booking from another: not a text such as a currency, that every other heading has as well;
/// - a column that it fills and one that only they fill are counterparts: called so (`debit`, `credit`; `from`, `to`),
///   or of the same names, which an outline has at most in one group. Rows that repeat the heading, as those from one
///   place to several do, are no other side of it, unless the names are of debits and credits.
///
/// Where a column per period was made rows, each period is judged by itself. Tables of more than a million cells are
/// not looked at, nor those of numbers beyond 10^24. Used by one thread, row by row in order.
class OutlineRows {
 public:
  static constexpr std::size_t kMostCells = 1'000'000;

  struct Whole {
    std::uint64_t row = 0;
    std::uint64_t line = 0;
    std::string label;
  };
  /// Rows that are as much as others, as headings are and one side of a booking.
  struct Undecided {
    std::uint64_t rows = 0;
    std::uint64_t line = 0;     ///< of the first
    std::size_t heading = 0;    ///< a column that these rows fill ...
    std::size_t detail = 0;     ///< ... and one that only those fill which they may sum up
    bool counterparts = false;  ///< they hold the same kind of thing
    /// Each of those that they may sum up fills one of these columns, and they fill none.
    std::vector<std::size_t> only_below = {};
  };
  struct Found {
    std::vector<std::uint64_t> rows;  ///< ascending, the first row of the table is 0
    Undecided undecided;              ///< kept as data
    std::size_t multiple = 0;         ///< not 0: all others come to so many times as much as `whole`, nobody knows why
    Whole whole;
  };

  /// `names` are those of the columns; `made_period` is the one that unpivoting made.
  OutlineRows(std::span<const ColumnPlan> plans, std::span<const std::string> names,
              std::optional<std::size_t> made_period);

  void observe(std::span<const CellValue> values, std::uint64_t line);

  /// The decision, once all rows have been observed.
  [[nodiscard]] Found decide();

 private:
  struct Row {
    Whole place;  ///< its label: by which it calls itself a total
    std::int64_t period;
    std::uint64_t filled;  ///< which of `others_` are: a bit each
    std::size_t numbers;   ///< where its own begin in `numbers_`
    std::size_t texts;     ///< and in `texts_`
    bool total = false;
    bool undecided = false;

    [[nodiscard]] bool says_so() const noexcept { return !place.label.empty(); }
  };
  using Sums = std::vector<Int128>;
  /// `pair`: it is as large as the one row that it may sum up, which is no small amount.
  enum class Judgement : std::uint8_t { none, single, pair, sum, no_sum };
  using Rows = std::span<Row* const>;
  /// The rows that one may sum up.
  struct Group {
    Row* heading = nullptr;
    std::vector<const Row*> rows;
    std::uint64_t filled = 0;  ///< what any of them fills
    bool plain = true;         ///< each repeats all of the heading, or nothing of it
  };

  [[nodiscard]] bool alike(const Row& one, const Row& other, std::uint64_t columns) const;
  [[nodiscard]] Judgement judge(const Row& row, const Sums& sums, std::size_t count) const;
  [[nodiscard]] Judgement judge(const Group& group) const;
  [[nodiscard]] Group group_above(Rows rows, std::size_t at) const;
  [[nodiscard]] Group group_below(Rows rows, std::size_t at) const;
  void add(Sums& sums, const Row& row) const;
  void find_shapes(Rows rows, Undecided& undecided);
  template <class GroupOf>
  bool take_shape(Rows rows, std::uint64_t shape, const GroupOf& group_of, Undecided& undecided);
  [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> counterparts_of(std::uint64_t shape,
                                                                                   std::uint64_t details,
                                                                                   std::span<const Group> groups) const;
  [[nodiscard]] bool stands_below_itself(std::span<const Group> groups, std::size_t heading, std::size_t detail) const;
  [[nodiscard]] std::uint64_t telling_bookings_apart(std::uint64_t shape, std::span<const Group> groups) const;
  [[nodiscard]] std::vector<std::size_t> filled_only_below(std::uint64_t details, std::span<const Group> groups) const;
  [[nodiscard]] Undecided doubts(Rows rows, std::uint64_t shape, std::span<const Group> groups) const;
  void find_headings(Rows rows, Found& found);
  [[nodiscard]] std::size_t multiple_of(const Row& total, const Sums& sums) const;
  [[nodiscard]] bool take_headings(Rows rows, std::size_t levels, std::span<const std::size_t> columns) const;

  TotalLabel label_;
  std::optional<std::size_t> made_period_;
  std::vector<std::size_t> columns_;         ///< of numbers
  std::vector<std::size_t> others_;          ///< of texts and times
  std::uint64_t names_ = 0;                  ///< which of them are texts: a bit each
  std::vector<std::uint64_t> called_sides_;  ///< of each of `others_`: which are its counterparts, by their names,
  std::vector<std::uint64_t> called_ends_;   ///< in bookings and otherwise
  std::vector<Int128> steps_;                ///< of each column of numbers
  std::vector<std::optional<Int128>> numbers_;
  std::vector<std::size_t> texts_;
  std::vector<Row> rows_;
  std::uint64_t row_ = 0;
  bool looks_ = true;
};

}  // namespace neve::dataset
