#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dataset/columns/column_plan.hpp"

namespace neve::dataset {

/// One column while it is planned: what is known about its cells, and the plan so far. The steps of `plan_column` and
/// `plan_forced`, by subject in column_plan_times.cpp and column_plan_numbers.cpp. Borrows all that it is made of; used
/// by one thread.
///
/// A `plan_` step returns whether the column is of its kind; a `force_` step fills the plan for a type that was asked
/// for.
struct ColumnPlanner {
  const ColumnProfile& profile;
  const std::string& name;
  const PlanContext& context;
  std::vector<SchemaWarning>& warnings;
  std::uint64_t values;  ///< cells that are values whatever the type
  ColumnPlan plan{};

  void warn(const char* code, std::string text) { warnings.push_back({code, name, std::move(text)}); }

  [[nodiscard]] bool plan_boolean();
  void warn_of_strays();

  // Times.
  [[nodiscard]] bool plan_fiscal_year();
  [[nodiscard]] bool plan_date();
  [[nodiscard]] bool plan_period_name();
  void plan_time_part(const NumberFacts& facts);
  void force_date();
  [[nodiscard]] bool force_words(std::uint64_t numbers);
  [[nodiscard]] bool mixes_periods(std::uint64_t months, std::uint64_t quarters) const;
  bool decide_order();
  [[nodiscard]] bool dates_follow_comma() const;
  [[nodiscard]] bool leave_order(const std::string& why, const std::string& remedy);
  [[nodiscard]] bool read_most_of_contradicting();
  void describe_dates(std::uint64_t months, std::uint64_t quarters, bool as_compact);
  void warn_of_swapped_dates();
  void warn_of_ranges();
  [[nodiscard]] bool are_months() const;
  [[nodiscard]] bool are_dotted_months() const;
  [[nodiscard]] bool are_quarters() const;
  [[nodiscard]] bool are_short_quarters() const;
  [[nodiscard]] bool speaks_of_times() const;
  void warn_of_possible_dates();
  void warn_of_unread_times();

  // Numbers.
  [[nodiscard]] bool plan_number();
  void force_number();
  [[nodiscard]] bool plan_two_digits(const NumberFacts& facts);
  [[nodiscard]] bool are_codes(const NumberFacts& facts) const;
  [[nodiscard]] bool mixes_percents(const NumberFacts& facts);
  [[nodiscard]] char decide_mark();
  [[nodiscard]] char mark_against_asked(char mark);
  [[nodiscard]] bool other_columns_decide(bool points, bool commas) const;
  [[nodiscard]] bool all_in_dollars() const;
  void warn_of_open_mark(char mark, const char* why);
  [[nodiscard]] std::uint64_t cells_with_currency() const;
  [[nodiscard]] std::uint64_t cells_without_currency(const NumberFacts& facts) const;
  void warn_of_missing_currencies(const NumberFacts& facts);
  void describe_numbers(const NumberFacts& facts);
};

}  // namespace neve::dataset
