#include <algorithm>
#include <utility>

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

/// Digits of a decimal number without its point, and how many stand behind it.
std::pair<std::string, std::size_t> digits_of(const DecimalText& number) {
  std::string digits = number.text();
  const std::size_t point = digits.find('.');
  if (point == std::string::npos) return {std::move(digits), 0};
  digits.erase(point, 1);
  const std::size_t decimals = digits.size() - point;
  return {std::move(digits), decimals};
}

/// Whether `part` is exactly half of `whole`; both are positive.
bool is_half(const DecimalText& part, const DecimalText& whole) {
  auto [digits, decimals] = digits_of(part);
  auto [expected, expected_decimals] = digits_of(whole);
  digits.append(std::max(decimals, expected_decimals) - decimals, '0');
  expected.append(std::max(decimals, expected_decimals) - expected_decimals, '0');
  int carry = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    const int twice = 2 * (*digit - '0') + carry;
    *digit = static_cast<char>('0' + twice % 10);
    carry = twice / 10;
  }
  if (carry > 0) digits.insert(digits.begin(), '1');
  const auto significant = [](std::string_view text) {
    return text.substr(std::min(text.find_first_not_of('0'), text.size()));
  };
  return significant(digits) == significant(expected);
}

/// Tables often have rows such as "World" among those of countries. Such an entity is as large as all others together,
/// in every period, or in none if its rows have no date; among two others in each of several periods, or five in one,
/// that is no chance.
void warn_of_aggregate(std::vector<AnalysisWarning>& warnings, const ConcentrationResult& result) {
  constexpr std::uint64_t kLeastOthers = 2;
  constexpr std::uint64_t kLeastOthersOnce = 5;
  if (!result.total.measures) return;
  const std::string& entity = result.total.measures->head.front().entity;
  std::size_t periods = 0;
  const auto sums_up_the_rest = [&](const PeriodConcentration& period) {
    if (!period.measures || period.entities < kLeastOthers + 1) return false;
    const RankedEntity& largest = period.measures->head.front();
    return largest.entity == entity && is_half(largest.value, period.total);
  };
  if (!sums_up_the_rest(result.total)) return;
  const auto is_among_largest = [&](const PeriodConcentration& period) {
    return period.measures && std::any_of(period.measures->head.begin(), period.measures->head.end(),
                                          [&](const RankedEntity& one) { return one.entity == entity; });
  };
  const bool dated = std::any_of(result.by_period.begin(), result.by_period.end(), is_among_largest);
  for (const PeriodConcentration& period : result.by_period) {
    if (period.entities < 2 || !dated) continue;
    if (!sums_up_the_rest(period)) return;
    ++periods;
  }
  if (periods < 2 && result.total.entities < kLeastOthersOnce + 1) return;
  warnings.push_back({"possible_aggregate", "'" + entity +
                                                "' is exactly as large as all others together: if it sums them up, a "
                                                "filter should leave it out"});
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
  warn_of_aggregate(warnings, result);
  if (const SimilarEntities& similar = result.similar; similar.entities > 0) {
    warnings.push_back(
        {"similar_entities", std::to_string(similar.entities) +
                                 " entities are written like others but for case, blanks or accents, such as '" +
                                 similar.first + "' and '" + similar.second +
                                 "': if they are the same, it holds more than is told here"});
  }
  return warnings;
}

}  // namespace neve::dataset
