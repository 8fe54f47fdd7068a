#include "service/handlers/concentration_form.hpp"

#include <algorithm>
#include <set>

#include <neve/base/nearest.hpp>

namespace neve::service {
namespace {

using dataset::ConcentrationParams;
using dataset::Grain;
using dataset::Schema;
using dataset::Threshold;

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw ProblemError(Problem{ProblemKind::invalid_parameter, what, Json{{"parameter", name}}, {}});
}

std::string read_text(const std::string& name, const Json& value) {
  if (!value.is_string()) refuse(name, "'" + name + "' is a text");
  return value.get<std::string>();
}

Threshold read_threshold(const Json& value) {
  try {
    if (value.is_string()) return Threshold::parse(value.get<std::string>());
    if (value.is_number_integer() || value.is_number_unsigned()) return Threshold::parse(value.dump());
    if (value.is_number_float()) {
      // 50.0 is fifty; what a double cannot say shortly has no exponent between 0.000001 and 100 but at its lower end.
      std::string text = python_repr(value.get<double>());
      if (text.ends_with(".0")) text.resize(text.size() - 2);
      if (text == "1e-06") text = "0.000001";
      return Threshold::parse(text);
    }
  } catch (const Error& error) {
    throw ProblemError(Problem{ProblemKind::invalid_threshold, error.what(), Json{{"threshold", value}}, {}});
  }
  throw ProblemError(ProblemKind::invalid_threshold, "a threshold is a number of percent, above 0 and at most 100");
}

std::vector<Threshold> read_thresholds(const Json& value) {
  if (!value.is_array()) refuse("thresholds", "'thresholds' is a list of numbers");
  std::vector<Threshold> thresholds;
  for (const Json& item : value) thresholds.push_back(read_threshold(item));
  try {
    return dataset::canonical_thresholds(std::move(thresholds));
  } catch (const Error& error) {
    throw ProblemError(ProblemKind::invalid_threshold, error.what());
  }
}

Grain read_grain(const std::string& text) {
  try {
    return dataset::parse_grain(text);
  } catch (const Error& error) {
    refuse("grain", error.what());
  }
}

void apply(ConcentrationParams& params, const std::string& name, const Json& value) {
  static const std::vector<std::string> kNames{"group_by", "value", "grain", "thresholds", "filter"};
  if (name == "group_by") {
    params.group_by = read_text(name, value);
  } else if (name == "value") {
    params.value = read_text(name, value);
  } else if (name == "grain") {
    params.grain = read_grain(read_text(name, value));
  } else if (name == "thresholds") {
    params.thresholds = read_thresholds(value);
  } else if (name == "filter") {
    params.filter = read_text(name, value);
  } else {
    refuse(name, "'" + name + "' is no parameter here" + suggestion(name, kNames));
  }
}

bool has_column(const Schema& schema, const std::string& name) {
  return std::any_of(schema.columns.begin(), schema.columns.end(),
                     [&](const auto& column) { return column.name == name || column.original == name; });
}

/// Names of the columns with this header, where the name alone does not say which is meant.
std::vector<std::string> columns_headed(const Schema& schema, const std::string& header) {
  std::vector<std::string> names;
  for (const auto& column : schema.columns) {
    if (column.name == header) return {};
    if (column.original == header) names.push_back(column.name);
  }
  return names;
}

bool is_numeric(const dataset::Column& column) {
  return column.type == dataset::ColumnType::integer || column.type == dataset::ColumnType::decimal ||
         column.type == dataset::ColumnType::fraction;
}

Problem unknown_column(const std::string& parameter, const std::string& name, const Schema& schema) {
  std::vector<std::string> names;
  for (const auto& column : schema.columns) names.push_back(column.name);
  Json members{{"parameter", parameter}, {"column", name}, {"columns", names}};
  if (const std::string nearest = nearest_name(name, names); !nearest.empty()) members["nearest"] = nearest;
  return {ProblemKind::unknown_column,
          "the dataset has no column '" + name + "'" + suggestion(name, names),
          std::move(members),
          {}};
}

/// JSON lets a name stand twice, and readers disagree on which counts.
void require_each_name_once(std::string_view body) {
  std::set<std::string> names;
  const auto note = [&names](int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::key && depth == 1 && !names.insert(parsed.get<std::string>()).second)
      throw ProblemError(ProblemKind::bad_request, "'" + parsed.get<std::string>() + "' is given twice");
    return true;
  };
  static_cast<void>(Json::parse(body, note, false).is_object());
}

}  // namespace

ConcentrationParams concentration_params_from(std::string_view body) {
  Json json;
  try {
    json = parse_json(body);
    require_each_name_once(body);
  } catch (const Error& error) {
    throw ProblemError(ProblemKind::bad_request, std::string("the body is not JSON: ") + error.what());
  }
  if (!json.is_object()) throw ProblemError(ProblemKind::bad_request, "the body is not a JSON object");
  ConcentrationParams params;
  for (const auto& [name, value] : json.items()) apply(params, name, value);
  if (params.group_by.empty()) refuse("group_by", "'group_by' names the column of the entities");
  if (params.value.empty()) refuse("value", "'value' names the column to sum");
  return params;
}

Problem concentration_problem(const ConcentrationParams& params, const Schema& schema, const Error& error) {
  for (const auto& [parameter, name] : {std::pair("group_by", params.group_by), std::pair("value", params.value)}) {
    if (!has_column(schema, name)) return unknown_column(parameter, name, schema);
    if (const auto headed = columns_headed(schema, name); headed.size() > 1) {
      return {ProblemKind::invalid_parameter,
              error.what(),
              Json{{"parameter", parameter}, {"column", name}, {"columns", headed}},
              {}};
    }
  }
  if (const auto& value = schema.column(params.value); !is_numeric(value)) {
    std::vector<std::string> numeric;
    for (const auto& column : schema.columns) {
      if (is_numeric(column)) numeric.push_back(column.name);
    }
    return {ProblemKind::not_numeric,
            error.what(),
            Json{{"column", value.name}, {"column_type", dataset::to_string(value.type)}, {"numeric_columns", numeric}},
            {}};
  }
  const auto& grains = schema.period_grain_candidates;
  if (params.grain != Grain::automatic && params.grain != Grain::none &&
      std::find(grains.begin(), grains.end(), params.grain) == grains.end()) {
    Json available = Json::array();
    for (const Grain grain : grains) available.push_back(dataset::to_string(grain));
    available.push_back("none");
    return {ProblemKind::no_time_column,
            error.what(),
            Json{{"grain", dataset::to_string(params.grain)}, {"available", std::move(available)}},
            {}};
  }
  return {ProblemKind::invalid_parameter,
          error.what(),
          params.filter.empty() ? Json::object() : Json{{"parameter", "filter"}},
          {}};
}

}  // namespace neve::service
