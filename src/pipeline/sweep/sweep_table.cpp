#include <algorithm>
#include <iterator>
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

}  // namespace

void SweepTableMaker::add(const SweepRun& run) {
  if (table_.columns.empty()) {
    table_.columns.push_back("point");
    for (const auto& [path, value] : run.point.settings) table_.columns.push_back(path);
  }
  std::vector<Json>& row = table_.rows.emplace_back();
  row.reserve(table_.columns.size());
  row.emplace_back(run.point.index);
  for (const auto& [path, value] : run.point.settings) row.push_back(value);
  for (const auto& [node, stage] : run.result.stages) {
    for (const auto& [metric, value] : stage->metrics) {
      const std::size_t place = place_of(node, metric);
      if (row.size() <= place) row.resize(place + 1);
      row[place] = value;
    }
  }
}

std::size_t SweepTableMaker::place_of(const std::string& node, const std::string& metric) {
  std::map<std::string, std::size_t>& places = places_[node];
  const auto known = places.find(metric);
  if (known != places.end()) return known->second;
  places.emplace(metric, table_.columns.size());
  table_.columns.emplace_back();  // named when all are known
  return table_.columns.size() - 1;
}

SweepTable SweepTableMaker::take() {
  std::set<MetricSource> sources;
  for (const auto& [node, places] : places_) {
    for (const auto& [metric, place] : places) sources.insert({node, metric});
  }
  if (table_.columns.empty()) table_.columns.push_back("point");
  const std::size_t settings = table_.columns.size() - sources.size();
  std::vector<std::string> names(table_.columns.begin(),
                                 table_.columns.begin() + static_cast<std::ptrdiff_t>(settings));
  std::vector<std::size_t> order;
  for (const auto& [metric, source] : named_metrics(sources)) {
    const bool taken = std::count(names.begin(), names.end(), metric) > 0;
    names.push_back(taken ? metric + " (result)" : metric);
    order.push_back(places_.at(source.node).at(source.metric));
  }
  for (std::vector<Json>& row : table_.rows) {
    row.resize(table_.columns.size());  // null where the point has no such metric, because a stage failed in it
    std::vector<Json> sorted;
    sorted.reserve(row.size());
    std::move(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(settings), std::back_inserter(sorted));
    for (const std::size_t place : order) sorted.push_back(std::move(row[place]));
    row = std::move(sorted);
  }
  table_.columns = std::move(names);
  return std::move(table_);
}

SweepTable SweepResult::table() const {
  SweepTableMaker maker;
  for (const SweepRun& run : runs) maker.add(run);
  return maker.take();
}

std::string SweepTable::to_csv() const {
  std::string text;
  write_csv([&text](std::string_view piece) { text += piece; });
  return text;
}

void SweepTable::write_csv(const std::function<void(std::string_view)>& write) const {
  constexpr std::size_t kPiece = 64 << 10;
  std::string text;
  const auto add_line = [&](const auto& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += ',';
      append_cell(text, cells[i]);
    }
    text += "\r\n";
    if (text.size() < kPiece) return;
    write(text);
    text.clear();
  };
  add_line(columns);
  for (const std::vector<Json>& row : rows) add_line(row);
  if (!text.empty()) write(text);
}

Json SweepTable::to_json() const {
  Json list = Json::array();
  for (std::size_t row = 0; row < rows.size(); ++row) list.push_back(row_json(row));
  return list;
}

Json SweepTable::row_json(std::size_t row) const {
  Json object = Json::object();
  for (std::size_t i = 0; i < rows[row].size(); ++i) object[columns[i]] = rows[row][i];
  return object;
}

}  // namespace neve
