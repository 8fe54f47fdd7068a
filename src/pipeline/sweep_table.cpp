#include <algorithm>
#include <set>

#include <neve/pipeline/sweep.hpp>

namespace neve {
namespace {

/// A field as RFC 4180 wants it: quoted where it holds a comma, a quote or a line break.
std::string csv_field(const Json& value) {
  if (value.is_null()) return "";
  const std::string text = value.is_string()         ? value.get<std::string>()
                           : value.is_number_float() ? python_repr(value.get<double>())
                                                     : dump_compact_json(value);
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

Metrics metrics_of(const SweepRun& run) {
  Metrics all;
  for (const auto& [node, result] : run.result.stages) {
    for (const auto& [name, value] : result->metrics) all.emplace(node + "." + name, value);
  }
  return all;
}

std::vector<Json> row_of(const SweepRun& run, const std::set<std::string>& metrics) {
  std::vector<Json> row = {run.point.index};
  for (const auto& [path, value] : run.point.settings) row.push_back(value);
  const Metrics values = metrics_of(run);
  for (const std::string& metric : metrics) {
    const auto found = values.find(metric);
    row.push_back(found == values.end() ? Json(nullptr) : Json(found->second));
  }
  return row;
}

}  // namespace

SweepTable SweepResult::table() const {
  std::set<std::string> metrics;
  for (const SweepRun& run : runs) {
    for (const auto& [name, value] : metrics_of(run)) metrics.insert(name);
  }
  SweepTable table{.columns = {"point"}};
  if (!runs.empty()) {
    for (const auto& [path, value] : runs.front().point.settings) table.columns.push_back(path);
  }
  for (const std::string& metric : metrics) {
    const bool taken = std::find(table.columns.begin(), table.columns.end(), metric) != table.columns.end();
    table.columns.push_back(taken ? metric + " (result)" : metric);
  }
  for (const SweepRun& run : runs) table.rows.push_back(row_of(run, metrics));
  return table;
}

std::string SweepTable::to_csv() const {
  std::string text;
  const auto add_line = [&text](const auto& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) text += (i == 0 ? "" : ",") + csv_field(cells[i]);
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
