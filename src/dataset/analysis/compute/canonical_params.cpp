#include <neve/base/error.hpp>
#include <neve/dataset/analysis/compute.hpp>
#include <neve/dataset/analysis/row_filter.hpp>

#include "dataset/analysis/compute/period.hpp"
#include "dataset/analysis/filter/filter_node.hpp"

namespace neve::dataset {
namespace {

const Column& require_column(const Schema& schema, const std::string& name, const char* role) {
  if (!name.empty()) return schema.column(name);
  std::string names;
  for (const Column& column : schema.columns) names += (names.empty() ? "" : ", ") + column.name;
  throw Error(ErrorCode::invalid_argument,
              std::string("the analysis needs the name of a column ") + role + "; the columns are " + names);
}

void require_numeric(const Schema& schema, const Column& column) {
  if (cell_kind(column.type) == CellKind::number) return;
  std::string numeric;
  for (const Column& other : schema.columns) {
    if (cell_kind(other.type) == CellKind::number) numeric += (numeric.empty() ? "" : ", ") + other.name;
  }
  throw Error(ErrorCode::invalid_argument,
              "the value column '" + column.name + "' is not numeric, it holds the type " +
                  std::string(to_string(column.type)) + "; " +
                  (numeric.empty() ? "the dataset has no numeric column" : "the numeric columns are " + numeric) +
                  (column.type == ColumnType::text
                       ? "; if it should hold numbers, add the file again with the type decimal for " + column.name +
                             ", which leaves other cells blank"
                       : ""));
}

}  // namespace

ConcentrationParams canonical_params(const ConcentrationParams& params, const Schema& schema) {
  ConcentrationParams canonical = params;
  canonical.group_by = require_column(schema, params.group_by, "to group by").name;
  const Column& value = require_column(schema, params.value, "to add up");
  require_numeric(schema, value);
  canonical.value = value.name;
  canonical.grain = resolve_grain(schema, params.grain);
  canonical.thresholds = canonical_thresholds(params.thresholds);
  canonical.filter = RowFilter::parse(params.filter, schema).text();
  return canonical;
}

}  // namespace neve::dataset
