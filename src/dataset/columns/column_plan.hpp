#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <neve/dataset/add_options.hpp>
#include <neve/dataset/schema.hpp>

#include "dataset/columns/column_profile.hpp"
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
  bool forced = false;              ///< the type was asked for: cells that do not fit become blank
  TimePart time_part = TimePart::none;
  Grain grain = Grain::automatic;
  std::map<std::string, std::string> representation;
  const TextDictionary* dictionary = nullptr;  ///< of a text: all there are, if they are few; borrowed

  /// The column's type in the Parquet file.
  [[nodiscard]] std::string storage() const;
};

/// What else all columns say, and what was asked for.
struct PlanContext {
  DateOrder date_order = DateOrder::automatic;
  char default_mark = '.';  ///< where a column leaves the decimal mark open
  bool mark_given = false;  ///< it was asked for
};

/// The decimal mark that the columns' unmistakable numbers have: '.' unless some have ',' and none '.'.
[[nodiscard]] char mark_of(const std::vector<ColumnProfile>& profiles);

/// Decides. `name` is the column's normalised name. What a reader should know is appended to `warnings`.
[[nodiscard]] ColumnPlan plan_column(const ColumnProfile& profile, const std::string& name, const PlanContext& context,
                                     std::vector<SchemaWarning>& warnings);

/// The plan for a type that was asked for.
[[nodiscard]] ColumnPlan plan_forced(const ColumnProfile& profile, ColumnType type, const PlanContext& context);

}  // namespace neve::dataset
