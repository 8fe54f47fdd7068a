#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/dataset/add_options.hpp>
#include <neve/dataset/schema.hpp>

#include "dataset/columns/column_profile.hpp"
#include "dataset/columns/column_roles.hpp"
#include "dataset/columns/text_dictionary.hpp"

namespace neve::dataset {

/// How the cells of a column become values: decided once, from all of them. A plain value.
struct ColumnPlan {
  ColumnType type = ColumnType::text;
  char decimal_mark = '.';
  bool day_first = false;
  bool wide = false;                ///< DECIMAL(38,6) instead of DECIMAL(18,6)
  bool by_name = false;             ///< an integer that is written as the name of a month or quarter
  bool fiscal = false;              ///< an integer that is written as a fiscal year
  bool spells_differently = false;  ///< one number may be written in two ways: they are counted
  bool of_sheet = false;            ///< numbers of a workbook are marked as such
  bool year_months = false;         ///< dates may be months in six digits: 202401
  bool dotted_months = false;       ///< dates may be months as 01.2024
  bool year_quarters = false;       ///< and those are quarters
  bool short_quarters = false;      ///< dates may be quarters in five digits: 20241
  bool forced = false;              ///< the type was asked for: cells that do not fit become blank
  bool total_labels = false;        ///< a time: some cells are no times but call their rows totals, and become blank
  bool whole = false;               ///< decimals that are all zeros, as some programs write integers beside blanks
  TimePart time_part = TimePart::none;
  Grain grain = Grain::automatic;
  std::optional<YearRange> years;        ///< of a year or of days: the years that occur
  std::optional<std::int32_t> day_zero;  ///< dates may be numbers of days since this one, itself since 1970
  std::map<std::string, std::string> representation;
  const TextDictionary* dictionary = nullptr;  ///< of a text: all there are, if they are few; borrowed

  /// The column's type in the Parquet file.
  [[nodiscard]] std::string storage() const;
};

/// The decimal mark of columns that leave it open, and what says so. A plain value.
struct DecimalMark {
  enum class Reason {
    none,        ///< nothing: a point, as programs write it
    semicolons,  ///< where the comma is the decimal mark, programs separate cells by semicolons; seldom others do
    numbers,     ///< unmistakable numbers of other columns have this mark, and none has the other
    asked,       ///< it was asked for
  };

  char mark = '.';
  Reason reason = Reason::none;
};

/// What the file says: its columns' numbers, else its delimiter.
[[nodiscard]] DecimalMark mark_of(const std::vector<ColumnProfile>& profiles, char delimiter);

/// What else all columns say, and what was asked for.
struct PlanContext {
  DateOrder date_order = DateOrder::automatic;
  DecimalMark open_mark;
  bool is_year = false;      ///< whatever the column's name
  bool of_sheet = false;     ///< the table is one of a workbook
  bool total_labels = true;  ///< rows that call themselves totals are found: their labels may stand among times
  bool month_leads = false;  ///< some column has dates that plainly have the month first
  std::int32_t
      day_zero;  ///< the day from which the workbook, or a spreadsheet that wrote the text, counts days; since 1970
};

/// Decides. `name` is the column's normalised name. What a reader should know is appended to `warnings`.
[[nodiscard]] ColumnPlan plan_column(const ColumnProfile& profile, const std::string& name, const PlanContext& context,
                                     std::vector<SchemaWarning>& warnings);

/// The plan for a type that was asked for: as if the cells that fit were all there are. Throws `invalid_argument` where
/// that leaves the order of day and month open.
[[nodiscard]] ColumnPlan plan_forced(const ColumnProfile& profile, const std::string& name, ColumnType type,
                                     const PlanContext& context, std::vector<SchemaWarning>& warnings);

}  // namespace neve::dataset
