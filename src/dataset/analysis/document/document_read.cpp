#include <neve/dataset/analysis/analysis_document.hpp>

#include <charconv>

#include <neve/base/error.hpp>

#include "dataset/analysis/document/digits_json.hpp"

namespace neve::dataset {
namespace {

std::string text_at(const Json& object, const char* name) { return object.at(name).get<std::string>(); }

std::string text_or_empty(const Json& object, const char* name) {
  const Json& value = object.at(name);
  return value.is_null() ? std::string() : value.get<std::string>();
}

DecimalText decimal_at(const Json& object, const char* name) { return DecimalText::parse(text_at(object, name)); }

std::uint64_t count_at(const Json& object, const char* name) {
  const std::string digits = text_at(object, name);
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    throw Error(ErrorCode::corrupt, "'" + std::string(name) + "' in the analysis is no count");
  }
  return count;
}

ThresholdMeasure measure_at(const Json& object, const char* name) {
  const Json& measure = object.at(name);
  return {count_at(measure, "count"), decimal_at(measure, "value"), decimal_at(measure, "pct_of_total")};
}

ThresholdResult threshold_at(const Json& thresholds, const std::string& name) {
  const Json& threshold = thresholds.at(name);
  return {name, measure_at(threshold, "within"), measure_at(threshold, "reach"), measure_at(threshold, "top_entities")};
}

ConcentrationIndices indices_of(const Json& period) {
  ConcentrationIndices indices{decimal_at(period, "hhi"),
                               decimal_at(period, "hhi_10000"),
                               decimal_at(period, "effective_entities"),
                               decimal_at(period, "gini"),
                               {}};
  for (const Json& point : period.at("lorenz")) {
    indices.lorenz.emplace_back(DecimalText::parse(point.at(0).get<std::string>()),
                                DecimalText::parse(point.at(1).get<std::string>()));
  }
  return indices;
}

PeriodMeasures measures_of(const Json& period, const std::vector<std::string>& thresholds) {
  PeriodMeasures measures;
  for (const std::string& name : thresholds) {
    measures.thresholds.push_back(threshold_at(period.at("thresholds"), name));
  }
  const Json& ratios = period.at("cr");
  measures.ratios = {decimal_at(ratios, "1"), decimal_at(ratios, "3"), decimal_at(ratios, "5"),
                     decimal_at(ratios, "10")};
  for (const Json& row : period.at("head")) {
    measures.head.push_back({text_at(row, "entity"), decimal_at(row, "value"), decimal_at(row, "pct_of_total"),
                             decimal_at(row, "cumulative_pct")});
  }
  if (measures.head.empty()) throw Error(ErrorCode::corrupt, "a period of the analysis has no largest entity");
  measures.indices_reason = text_or_empty(period, "indices_reason");
  if (!period.at("hhi").is_null()) measures.indices = indices_of(period);
  return measures;
}

PeriodConcentration period_of(const Json& json, const std::vector<std::string>& thresholds) {
  PeriodConcentration period;
  period.period = text_at(json, "period");
  period.entities = count_at(json, "entities");
  period.total = decimal_at(json, "total");
  period.reason = text_or_empty(json, "reason");
  if (text_at(json, "status") == "ok") period.measures = measures_of(json, thresholds);
  return period;
}

ConcentrationResult result_of(const Json& json) {
  ConcentrationResult result;
  result.grain = parse_grain(text_at(json, "period_grain"));
  for (const Json& threshold : json.at("thresholds")) result.thresholds.push_back(threshold.get<std::string>());
  result.rows_without_value = count_at(json, "rows_without_value");
  result.rows_without_entity = count_at(json, "rows_without_entity");
  for (const Json& period : json.at("by_period")) result.by_period.push_back(period_of(period, result.thresholds));
  result.total = period_of(json.at("totals"), result.thresholds);
  return result;
}

AnalysisDocument document_of(const Json& json) {
  AnalysisDocument document;
  document.dataset_id = text_at(json, "dataset_id");
  document.params.group_by = text_at(json, "group_by");
  document.params.value = text_at(json, "value");
  document.params.grain = parse_grain(text_at(json, "grain"));
  document.params.filter = text_or_empty(json, "filter");
  document.result = result_of(json.at("result"));
  document.result.rows_without_period = count_at(json, "rows_without_period");
  document.params.thresholds.clear();
  for (const std::string& text : document.result.thresholds) {
    document.params.thresholds.push_back(Threshold::parse(text));
  }
  for (const Json& warning : json.at("warnings")) {
    document.warnings.push_back({text_at(warning, "code"), text_at(warning, "text")});
  }
  return document;
}

}  // namespace

AnalysisDocument read_analysis_document(std::string_view json_text) {
  try {
    return document_of(parse_keeping_digits(json_text));
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::corrupt, std::string("the analysis lacks what it should hold: ") + error.what());
  } catch (const Error& error) {
    throw Error(ErrorCode::corrupt, std::string("the analysis cannot be read: ") + error.what());
  }
}

}  // namespace neve::dataset
