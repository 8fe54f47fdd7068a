#include "dataset/columns/column_plan.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include <fmt/format.h>

#include "dataset/columns/column_planner.hpp"
#include "dataset/values/blank_words.hpp"

namespace neve::dataset {
namespace {

constexpr double kMostly = 0.9;          // from here on cells that do not fit are worth a warning
constexpr std::uint64_t kFewStrays = 3;  // or if so few of them outweigh the rest

}  // namespace

/// Different words are different things, so only two that belong together are read as true and false: T and Y may be
/// grades, and would be one entity.
bool ColumnPlanner::plan_boolean() {
  if (profile.truths != values) return false;
  if (!std::has_single_bit(profile.truth_pairs)) {
    warn("mixed_booleans", "words of several pairs, such as yes/no and t/f, stand in one column: left as text");
    return false;
  }
  // An extract of one sex or region has F or N in every cell; nothing says that it means false.
  const bool letters = (profile.truth_pairs & kPairsOfLetters) != 0;
  if (letters && profile.true_pairs != profile.false_pairs) return false;
  plan.type = ColumnType::boolean;
  return true;
}

void ColumnPlanner::warn_of_strays() {
  if (profile.credits_and_debits > 0) {
    warn("credits_and_debits",
         "amounts with CR or DR behind them are left as text: which of them is negative depends on "
         "the account; write a minus before those that are");
  }
  const auto mostly = [&](std::uint64_t some) {
    const std::uint64_t strays = values - some;
    const bool few = strays <= kFewStrays && some > strays;
    return some < values && (few || static_cast<double>(some) >= kMostly * static_cast<double>(values));
  };
  const auto stray = [&](const char* code, const char* what, std::uint64_t fitting, const CellExample& example,
                         const char* type) {
    warn(code, fmt::format("{} of {} cells are {}, so the column is text; the first that is none is '{}' in line {}; "
                           "the type {} reads it nevertheless (--type {}={})",
                           fitting, values, what, example.text, example.line, type, name, type));
  };
  const std::uint64_t numbers = std::max(profile.dot.count, profile.comma.count);
  if (mostly(numbers)) stray("mostly_numbers", "numbers", numbers, profile.first_non_number, "decimal");
  if (mostly(profile.dates())) {
    stray("mostly_dates", "dates", profile.dates(), profile.first_non_date, "date");
  }
}

std::string ColumnPlan::storage() const {
  switch (type) {
    case ColumnType::integer:
      return "BIGINT";
    case ColumnType::decimal:
    case ColumnType::fraction:
      return wide ? "DECIMAL(38,6)" : "DECIMAL(18,6)";
    case ColumnType::date:
      return "DATE";
    case ColumnType::boolean:
      return "BOOLEAN";
    case ColumnType::text:
      break;
  }
  return "VARCHAR";
}

namespace {

/// Totals below a column of times have their label in it: all other cells say what the column is.
bool plan_time_with_labels(ColumnPlanner& planner) {
  const std::uint64_t labels = planner.profile.total_labels;
  const bool others_lead = labels > 0 && labels == planner.profile.texts && planner.values >= 2 * labels;
  if (!planner.context.total_labels || !others_lead) return false;
  std::vector<SchemaWarning> warnings = planner.warnings;
  ColumnPlanner others{planner.profile, planner.name, planner.context, warnings, planner.values - labels};
  const bool planned =
      others.plan_fiscal_year() || others.plan_date() || others.plan_number() || others.plan_period_name();
  if (!planned || others.plan.time_part == TimePart::none) return false;
  planner.plan = std::move(others.plan);
  planner.plan.total_labels = true;
  planner.warnings = std::move(warnings);
  return true;
}

}  // namespace

ColumnPlan plan_column(const ColumnProfile& profile, const std::string& name, const PlanContext& context,
                       std::vector<SchemaWarning>& warnings) {
  ColumnPlanner planner{profile, name, context, warnings, profile.cells - profile.blank_words};
  if (planner.values == 0) {
    if (profile.cells == 0) planner.warn("empty_column", "no row has a value here");
    return planner.plan;
  }
  const std::size_t warnings_before = warnings.size();
  const bool planned =
      profile.texts < planner.values && (planner.plan_boolean() || planner.plan_fiscal_year() || planner.plan_date() ||
                                         planner.plan_number() || planner.plan_period_name());
  if (!planned && plan_time_with_labels(planner)) return planner.plan;
  if (!planned) planner.warn_of_strays();
  if (warnings.size() == warnings_before) planner.warn_of_unread_times();
  return planner.plan;
}

ColumnPlan plan_forced(const ColumnProfile& profile, const std::string& name, ColumnType type,
                       const PlanContext& context, std::vector<SchemaWarning>& warnings) {
  ColumnPlanner planner{profile, name, context, warnings, 0};
  ColumnPlan& plan = planner.plan;
  plan.type = type;
  plan.forced = true;
  plan.total_labels = context.total_labels && profile.total_labels > 0;
  plan.wide = true;
  plan.decimal_mark = context.open_mark.mark;
  if (type == ColumnType::date) planner.force_date();
  if (type == ColumnType::integer || type == ColumnType::decimal || type == ColumnType::fraction)
    planner.force_number();
  return plan;
}

}  // namespace neve::dataset
