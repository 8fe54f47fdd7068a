#include "dataset/analysis/compute/schema_warnings.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "dataset/analysis/compute/period.hpp"
#include "dataset/parquet/sql_text.hpp"

namespace neve::dataset {
namespace {

/// Which column of a question a warning matters for.
enum class Part { entity, value, time, no_time, any_time, unfiltered, table };

struct Concern {
  std::string_view code;
  Part part;
};

constexpr std::array<Concern, 35> kConcerns{{{kMergedSpellings, Part::entity},
                                             {"headings_written_once", Part::entity},
                                             {"open_decimal_mark", Part::value},
                                             {"other_decimal_mark", Part::value},
                                             {"mixed_currencies", Part::value},
                                             {"missing_currencies", Part::value},
                                             {"unit_in_name", Part::value},
                                             {"few_unit_letters", Part::value},
                                             {"durations", Part::value},
                                             {"unreadable_cells", Part::value},
                                             {"rounded", Part::value},
                                             {"repeated_values", Part::value},
                                             {"assumed_date_order", Part::time},
                                             {"fiscal_years", Part::time},
                                             {"half_years", Part::time},
                                             {"swapped_dates", Part::time},
                                             {"possible_months", Part::no_time},
                                             {"possible_dates", Part::no_time},
                                             {"unread_times", Part::no_time},
                                             {"open_date_order", Part::no_time},
                                             {"contradicting_dates", Part::any_time},
                                             {"mixed_periods", Part::any_time},
                                             {"mostly_dates", Part::no_time},
                                             {"several_currencies", Part::unfiltered},
                                             {"several_units", Part::unfiltered},
                                             {"parts_of_rows", Part::table},
                                             {"balance_rows", Part::table},
                                             {"result_rows", Part::table},
                                             {"debits_and_credits", Part::unfiltered},
                                             {"rejected_rows", Part::table},
                                             {"formulas_without_values", Part::table},
                                             {"merged_cells", Part::table},
                                             {"hidden_rows", Part::table},
                                             {"doubtful_total_rows", Part::table},
                                             {"doubtful_quotes", Part::table}}};

const Concern* concern_of(const SchemaWarning& warning) {
  const auto* const found =
      std::find_if(kConcerns.begin(), kConcerns.end(), [&](const Concern& c) { return c.code == warning.code; });
  return found == kConcerns.end() ? nullptr : found;
}

bool has(const TimeCandidate& candidate, const std::string& column) {
  return std::find(candidate.columns.begin(), candidate.columns.end(), column) != candidate.columns.end();
}

/// Whether the filter, in its one spelling, keeps the rows with one value of the column as one of its conditions that
/// all have to be true.
bool keeps_one_value(const std::string& filter, const std::string& column) {
  const auto has = [&filter](const std::string& text) { return filter.find(text) != std::string::npos; };
  const auto asks = [&](const std::string& name) {
    const std::string condition = name + " = '";
    return filter.starts_with(condition) || has(" and " + condition);
  };
  return (asks(column) || asks(sql_name(column))) && !has(" or ") && !has("not (");
}

bool is_asked_for(const Concern& concern, const std::string& column, const ConcentrationParams& params,
                  const Schema& schema, const TimeCandidate* time) {
  switch (concern.part) {
    case Part::entity:
      return column == params.group_by;
    case Part::value:
      return column == params.value;
    case Part::time:
      return time != nullptr && has(*time, column);
    case Part::no_time:  // it could be one where there is none
      return schema.time_candidates.empty();
    case Part::any_time:
      return schema.time_candidates.empty() || (time != nullptr && has(*time, column));
    case Part::unfiltered:
      return !keeps_one_value(params.filter, column);
    case Part::table:
      break;
  }
  return true;
}

/// Of a table with several columns that say when, the periods are those of one: which, the reader has to know.
void warn_of_other_times(const Schema& schema, const TimeCandidate& time, std::vector<AnalysisWarning>& warnings) {
  const auto says_when = [&](const Column& column) {
    const bool alone = column.time_part == TimePart::date || column.time_part == TimePart::year;
    return alone && !has(time, column.name);
  };
  const auto other = std::find_if(schema.columns.begin(), schema.columns.end(), says_when);
  if (other == schema.columns.end()) return;
  std::string names;
  for (const std::string& name : time.columns) names += (names.empty() ? "'" : " and '") + name + "'";
  warnings.push_back(
      {"several_times", "periods are those of " + names + "; '" + other->name +
                            "' says when as well: to have them by it, add the file again with the type text for " +
                            time.columns.front()});
}

}  // namespace

bool concerns_answers(const SchemaWarning& warning) { return concern_of(warning) != nullptr; }

std::vector<AnalysisWarning> warnings_of_schema(const Schema& schema, const ConcentrationParams& params) {
  std::vector<AnalysisWarning> warnings;
  const TimeCandidate* const time = time_candidate(schema, params.grain);
  for (const SchemaWarning& warning : schema.warnings) {
    const Concern* const concern = concern_of(warning);
    if (concern == nullptr || !is_asked_for(*concern, warning.column, params, schema, time)) continue;
    const std::string place = warning.column.empty() ? "" : "'" + warning.column + "': ";
    warnings.push_back({warning.code, place + warning.text});
  }
  if (time != nullptr) warn_of_other_times(schema, *time, warnings);
  return warnings;
}

}  // namespace neve::dataset
