#include <neve/dataset/analysis/artifacts.hpp>

#include <neve/base/c_numbers.hpp>

#include "dataset/analysis/artifacts/workbook.hpp"

namespace neve::dataset {
namespace {

using Periods = std::vector<const PeriodConcentration*>;

/// The total first, so that it and what charts show of it stand at fixed places.
Periods periods_of(const ConcentrationResult& result) {
  Periods periods{&result.total};
  for (const PeriodConcentration& period : result.by_period) periods.push_back(&period);
  return periods;
}

void titles(Sheet& sheet, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) sheet.title(name);
  sheet.end_row();
}

void write_summary(Sheet& sheet, const Periods& periods) {
  titles(sheet, {"Period", "Status", "Entities", "Total", "Largest entity", "Largest value", "Largest %", "CR1 %",
                 "CR3 %", "CR5 %", "CR10 %", "HHI", "HHI (10,000)", "Effective entities", "Gini"});
  for (const PeriodConcentration* period : periods) {
    sheet.text(period->period).text(period->measures ? "ok" : period->reason);
    sheet.number(static_cast<double>(period->entities)).number(period->total);
    if (period->measures) {
      const PeriodMeasures& measures = *period->measures;
      const RankedEntity& largest = measures.head.front();
      sheet.text(largest.entity).number(largest.value).number(largest.pct_of_total);
      sheet.number(measures.ratios.cr1).number(measures.ratios.cr3).number(measures.ratios.cr5);
      sheet.number(measures.ratios.cr10);
      if (measures.indices) {
        sheet.number(measures.indices->hhi).number(measures.indices->hhi_10000);
        sheet.number(measures.indices->effective_entities).number(measures.indices->gini);
      } else {
        sheet.text(measures.indices_reason);
      }
    }
    sheet.end_row();
  }
}

void write_details(Sheet& sheet, const Periods& periods) {
  titles(sheet, {"Period", "Threshold %", "Within: entities", "Within: value", "Within: %", "Reach: entities",
                 "Reach: value", "Reach: %", "Top: entities", "Top: value", "Top: %"});
  for (const PeriodConcentration* period : periods) {
    if (!period->measures) continue;
    for (const ThresholdResult& threshold : period->measures->thresholds) {
      sheet.text(period->period).number(DecimalText::parse(threshold.threshold));
      for (const ThresholdMeasure* measure : {&threshold.within, &threshold.reach, &threshold.top_entities}) {
        sheet.number(static_cast<double>(measure->count)).number(measure->value).number(measure->pct_of_total);
      }
      sheet.end_row();
    }
  }
}

void write_top(Sheet& sheet, const Periods& periods) {
  titles(sheet, {"Period", "Rank", "Entity", "Value", "Share %", "Cumulative %"});
  for (const PeriodConcentration* period : periods) {
    if (!period->measures) continue;
    double rank = 0;
    for (const RankedEntity& row : period->measures->head) {
      sheet.text(period->period).number(++rank).text(row.entity);
      sheet.number(row.value).number(row.pct_of_total).number(row.cumulative_pct);
      sheet.end_row();
    }
  }
}

void write_lorenz(Sheet& sheet, const ConcentrationIndices& indices) {
  titles(sheet, {"Entities %", "Value %", "Equality"});
  for (const auto& [entities, value] : indices.lorenz) {
    sheet.number(entities).number(value).number(entities);
    sheet.end_row();
  }
}

void write_parameter(Sheet& sheet, std::string_view name, std::string_view value) {
  sheet.title(name).text(value);
  sheet.end_row();
}

void write_parameters(Sheet& sheet, const AnalysisDocument& document) {
  const ConcentrationResult& result = document.result;
  std::string thresholds;
  for (const std::string& threshold : result.thresholds) thresholds += (thresholds.empty() ? "" : ", ") + threshold;
  write_parameter(sheet, "Dataset", document.dataset_id);
  write_parameter(sheet, "Group by", document.params.group_by);
  write_parameter(sheet, "Value", document.params.value);
  write_parameter(sheet, "Period grain", result_name(result.grain));
  write_parameter(sheet, "Thresholds %", thresholds);
  write_parameter(sheet, "Filter", document.params.filter);
  write_parameter(sheet, "Rows without a value", std::to_string(result.rows_without_value));
  write_parameter(sheet, "Rows without an entity", std::to_string(result.rows_without_entity));
  write_parameter(sheet, "Rows without a period", std::to_string(result.rows_without_period));
  for (const AnalysisWarning& warning : document.warnings) write_parameter(sheet, warning.code, warning.text);
}

/// Adds the cells of one column, from the second row on, as a series.
lxw_chart_series* add_series(lxw_chart* chart, const char* sheet, const char* name, lxw_col_t categories,
                             lxw_col_t values, std::size_t count) {
  lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
  const auto last = static_cast<lxw_row_t>(count);
  chart_series_set_name(series, name);
  chart_series_set_categories(series, sheet, 1, categories, last, categories);
  chart_series_set_values(series, sheet, 1, values, last, values);
  return series;
}

lxw_chart* lorenz_chart(Workbook& workbook, std::size_t points) {
  lxw_chart* chart = workbook.add_chart(LXW_CHART_SCATTER_STRAIGHT);
  chart_title_set_name(chart, "Lorenz curve (TOTAL)");
  add_series(chart, "lorenz", "Value %", 0, 1, points);
  add_series(chart, "lorenz", "Equality", 0, 2, points);
  chart_axis_set_name(chart->x_axis, "% of entities, smallest first");
  chart_axis_set_name(chart->y_axis, "% of value");
  for (lxw_chart_axis* axis : {chart->x_axis, chart->y_axis}) {
    chart_axis_set_min(axis, 0);
    chart_axis_set_max(axis, 100);
  }
  return chart;
}

lxw_chart* pareto_chart(Workbook& workbook, std::size_t entities) {
  lxw_chart* chart = workbook.add_chart(LXW_CHART_COLUMN);
  chart_title_set_name(chart, "Pareto chart (TOTAL, largest entities)");
  add_series(chart, "top", "Share %", 2, 4, entities);
  add_series(chart, "top", "Cumulative %", 2, 5, entities);
  chart_axis_set_name(chart->y_axis, "% of total");
  return chart;
}

}  // namespace

void write_xlsx(const AnalysisDocument& document, const std::filesystem::path& path) {
  const CNumbers with_points;  // libxlsxwriter prints numbers by printf
  Workbook workbook(path);
  const Periods periods = periods_of(document.result);
  const PeriodConcentration& total = document.result.total;
  Sheet summary = workbook.add_sheet("summary");
  summary.freeze_titles();
  summary.set_width(0, 14, 14);
  write_summary(summary, periods);
  Sheet details = workbook.add_sheet("details");
  details.freeze_titles();
  write_details(details, periods);
  Sheet top = workbook.add_sheet("top");
  top.freeze_titles();
  write_top(top, periods);
  Sheet lorenz = workbook.add_sheet("lorenz");
  const lxw_row_t below = summary.row() + 1;
  if (total.measures) summary.insert(below, 8, pareto_chart(workbook, total.measures->head.size()));
  if (total.measures && total.measures->indices) {
    write_lorenz(lorenz, *total.measures->indices);
    summary.insert(below, 0, lorenz_chart(workbook, total.measures->indices->lorenz.size()));
  }
  Sheet parameters = workbook.add_sheet("parameters");
  parameters.set_width(0, 0, 24);
  parameters.set_width(1, 1, 60);
  write_parameters(parameters, document);
  workbook.close();
}

}  // namespace neve::dataset
