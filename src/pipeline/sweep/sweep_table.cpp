#include <algorithm>
#include <set>

#include <neve/codec/csv_field.hpp>
#include <neve/pipeline/sweep.hpp>

#include "pipeline/run/metric_names.hpp"

namespace neve {
namespace {

void append_cell(std::string& line, const Json& value) {
  if (value.is_null()) return;
  if (value.is_string()) {
    append_csv_text(line, value.get_ref<const std::string&>());
  } else {
    append_csv_field(line, value.is_number_float() ? python_repr(value.get<double>()) : dump_compact_json(value));
  }
}

/// Null where the point has no such metric, because a stage failed in it.
Json value_of(const RunResult& result, const MetricSource& source) {
  const auto stage = result.stages.find(source.node);
  if (stage == result.stages.end()) return nullptr;
  const auto value = stage->second->metrics.find(source.metric);
  return value == stage->second->metrics.end() ? Json(nullptr) : Json(value->second);
}

}  // namespace

SweepTable SweepResult::table() const {
  std::set<MetricSource> sources;
  for (const SweepRun& run : runs) sources.merge(metric_sources(run.result));
  const std::map<std::string, MetricSource> metrics = named_metrics(sources);
  SweepTable table{.columns = {"point"}};
  if (!runs.empty()) {
    for (const auto& [path, value] : runs.front().point.settings) table.columns.push_back(path);
  }
  for (const auto& [metric, source] : metrics) {
    const bool taken = std::count(table.columns.begin(), table.columns.end(), metric) > 0;
    table.columns.push_back(taken ? metric + " (result)" : metric);
  }
  for (const SweepRun& run : runs) {
    std::vector<Json>& row = table.rows.emplace_back();
    row.emplace_back(run.point.index);
    for (const auto& [path, value] : run.point.settings) row.push_back(value);
    for (const auto& [metric, source] : metrics) row.push_back(value_of(run.result, source));
  }
  return table;
}

std::string SweepTable::to_csv() const {
  std::string text;
  const auto add_line = [&text](const auto& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += ',';
      append_cell(text, cells[i]);
    }
    text += "\r\n";
  };
  add_line(columns);
  for (const std::vector<Json>& row : rows) add_line(row);
  return text;
}

Json SweepTable::to_json() const {
  Json list = Json::array();
  for (const std::vector<Json>& row : rows) {
    Json object = Json::object();
    for (std::size_t i = 0; i < row.size(); ++i) object[columns[i]] = row[i];
    list.push_back(std::move(object));
  }
  return list;
}

}  // namespace neve
