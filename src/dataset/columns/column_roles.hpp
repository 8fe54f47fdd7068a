#pragma once

#include <optional>
#include <span>

#include <neve/dataset/schema.hpp>

namespace neve::dataset {

/// The years that occur in a column, first and last. A plain value.
struct YearRange {
  int least;
  int most;
};

/// What a column's role depends on beside what the schema says. A plain value.
struct RoleFacts {
  double mean_text_bytes = 0;      ///< 0 for others than text
  bool whole = false;              ///< decimals that are all zeros: 10017.0
  std::optional<YearRange> years;  ///< of years and days, where they are known
};

/// Says what each column is for, from its name, type and how many different values it has, and finds what tells the
/// time of a row. `facts` has one entry per column. Fills the roles, the time candidates and the period grain of
/// `schema`. Days that are none of the years that another column names, nor of one beside them, come last: product
/// 16.01.2001 of a budget for 2018.
/// `made_period` is the column that unpivoting made of headers: what stands below a year is of that year, so it comes
/// before whatever else tells a time.
void assign_roles(Schema& schema, std::span<const RoleFacts> facts, std::optional<std::size_t> made_period);

}  // namespace neve::dataset
