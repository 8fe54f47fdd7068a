#include <neve/dataset/analysis/analysis_document.hpp>

#include "dataset/analysis/document/json_writer.hpp"

namespace neve::dataset {
namespace {

constexpr auto kFlat = JsonWriter::Layout::flat;

void write(JsonWriter& json, std::string_view name, const ThresholdMeasure& measure) {
  json.key(name).begin_object(kFlat);
  json.key("count").value(measure.count);
  json.key("value").value(measure.value);
  json.key("pct_of_total").value(measure.pct_of_total);
  json.end_object();
}

void write_thresholds(JsonWriter& json, const std::vector<ThresholdResult>& thresholds) {
  json.key("thresholds").begin_object();
  for (const ThresholdResult& threshold : thresholds) {
    json.key(threshold.threshold).begin_object();
    write(json, "within", threshold.within);
    write(json, "reach", threshold.reach);
    write(json, "top_entities", threshold.top_entities);
    json.end_object();
  }
  json.end_object();
}

void write_head(JsonWriter& json, const std::vector<RankedEntity>& head) {
  json.key("head").begin_array();
  for (const RankedEntity& row : head) {
    json.begin_object(kFlat);
    json.key("entity").value(row.entity);
    json.key("value").value(row.value);
    json.key("pct_of_total").value(row.pct_of_total);
    json.key("cumulative_pct").value(row.cumulative_pct);
    json.end_object();
  }
  json.end_array();
}

void write_indices(JsonWriter& json, const PeriodMeasures& measures) {
  if (!measures.indices) {
    for (const std::string_view name : {"hhi", "hhi_10000", "effective_entities", "gini"}) json.key(name).null();
    json.key("indices_reason").value(measures.indices_reason);
    json.key("lorenz").null();
    return;
  }
  const ConcentrationIndices& indices = *measures.indices;
  json.key("hhi").value(indices.hhi);
  json.key("hhi_10000").value(indices.hhi_10000);
  json.key("effective_entities").value(indices.effective_entities);
  json.key("gini").value(indices.gini);
  json.key("indices_reason").null();
  json.key("lorenz").begin_array(kFlat);
  for (const auto& [entities, value] : indices.lorenz) json.begin_array(kFlat).value(entities).value(value).end_array();
  json.end_array();
}

void write_measures(JsonWriter& json, const PeriodMeasures& measures) {
  const RankedEntity& largest = measures.head.front();
  json.key("largest").begin_object(kFlat);
  json.key("entity").value(largest.entity);
  json.key("value").value(largest.value);
  json.key("pct_of_total").value(largest.pct_of_total);
  json.end_object();
  write_thresholds(json, measures.thresholds);
  json.key("cr").begin_object(kFlat);
  json.key("1").value(measures.ratios.cr1);
  json.key("3").value(measures.ratios.cr3);
  json.key("5").value(measures.ratios.cr5);
  json.key("10").value(measures.ratios.cr10);
  json.end_object();
  write_head(json, measures.head);
  write_indices(json, measures);
}

void write(JsonWriter& json, const PeriodConcentration& period) {
  json.begin_object();
  json.key("period").value(period.period);
  json.key("entities").value(period.entities);
  json.key("total").value(period.total);
  json.key("status").value(period.measures ? "ok" : "undefined");
  json.key("reason").text_or_null(period.reason);
  if (period.measures) write_measures(json, *period.measures);
  json.end_object();
}

void write(JsonWriter& json, const ConcentrationResult& result) {
  json.key("result").begin_object();
  json.key("period_grain").value(result_name(result.grain));
  json.key("thresholds").begin_array(kFlat);
  for (const std::string& threshold : result.thresholds) json.digits(threshold);
  json.end_array();
  json.key("rows_without_value").value(result.rows_without_value);
  json.key("rows_without_entity").value(result.rows_without_entity);
  json.key("by_period").begin_array();
  for (const PeriodConcentration& period : result.by_period) write(json, period);
  json.end_array();
  json.key("totals");
  write(json, result.total);
  json.end_object();
}

}  // namespace

std::string to_json_text(const AnalysisDocument& document) {
  JsonWriter json;
  json.begin_object();
  json.key("analysis").value("concentration");
  json.key("dataset_id").value(document.dataset_id);
  json.key("group_by").value(document.params.group_by);
  json.key("value").value(document.params.value);
  json.key("grain").value(to_string(document.params.grain));
  json.key("filter").text_or_null(document.params.filter);
  json.key("warnings").begin_array();
  for (const AnalysisWarning& warning : document.warnings) {
    json.begin_object(kFlat).key("code").value(warning.code).key("text").value(warning.text).end_object();
  }
  json.end_array();
  json.key("rows_without_period").value(document.result.rows_without_period);
  write(json, document.result);
  json.end_object();
  return std::move(json).finish();
}

}  // namespace neve::dataset
