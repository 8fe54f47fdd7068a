#include <neve/dataset/analysis/concentration.hpp>

namespace neve::dataset {
namespace {

std::string rows_text(std::uint64_t rows) { return std::to_string(rows) + (rows == 1 ? " row" : " rows"); }

void warn_of_rows(std::vector<AnalysisWarning>& warnings, const char* code, std::uint64_t rows, const char* what) {
  if (rows > 0) warnings.push_back({code, rows_text(rows) + what});
}

/// "2024-M01, 2024-M02 and 3 more".
std::string names_of(const std::vector<std::string>& periods) {
  constexpr std::size_t kNamed = 5;
  std::string text;
  for (std::size_t i = 0; i < periods.size() && i < kNamed; ++i) text += (i == 0 ? "" : ", ") + periods[i];
  if (periods.size() > kNamed) text += " and " + std::to_string(periods.size() - kNamed) + " more";
  return text;
}

template <class Condition>
void warn_of_periods(std::vector<AnalysisWarning>& warnings, const ConcentrationResult& result, const char* code,
                     const char* what, Condition condition) {
  std::vector<std::string> periods;
  for (const PeriodConcentration& period : result.by_period) {
    if (condition(period)) periods.push_back(period.period);
  }
  if (condition(result.total)) periods.push_back(result.total.period);
  if (!periods.empty()) warnings.push_back({code, names_of(periods) + what});
}

}  // namespace

std::vector<AnalysisWarning> warnings_of(const ConcentrationResult& result) {
  std::vector<AnalysisWarning> warnings;
  warn_of_rows(warnings, "rows_without_value", result.rows_without_value, " without a value left out");
  warn_of_rows(warnings, "blank_entity", result.rows_without_entity,
               " without an entity counted as the entity '(blank)'");
  warn_of_rows(warnings, "rows_without_period", result.rows_without_period,
               " without a date counted in TOTAL and in no period");
  warn_of_periods(warnings, result, "undefined_period", ": shares are undefined, the net total is not positive",
                  [](const PeriodConcentration& period) { return !period.measures; });
  warn_of_periods(
      warnings, result, "negative_entity_totals",
      ": some entities are negative, so HHI, Gini and Lorenz are left out and cumulative shares may pass 100 %",
      [](const PeriodConcentration& period) { return period.measures && !period.measures->indices_reason.empty(); });
  return warnings;
}

}  // namespace neve::dataset
