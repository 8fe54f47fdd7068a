#include <neve/dataset/schema.hpp>

#include <neve/base/ascii.hpp>

#include "dataset/enum_names.hpp"

namespace neve::dataset {
namespace {

constexpr EnumNames<ColumnType, 6> kTypes{{{ColumnType::text, "text"},
                                           {ColumnType::integer, "integer"},
                                           {ColumnType::decimal, "decimal"},
                                           {ColumnType::fraction, "fraction"},
                                           {ColumnType::date, "date"},
                                           {ColumnType::boolean, "boolean"}}};

}  // namespace

std::string_view to_string(ColumnType type) noexcept { return name_in(kTypes, type); }

ColumnType parse_column_type(std::string_view text) {
  return value_of(kTypes, text, "column type", ErrorCode::invalid_argument);
}

const Column& Schema::column(std::string_view name) const {
  for (const Column& column : columns) {
    if (column.name == name) return column;
  }
  for (const Column& column : columns) {
    if (column.original == name) return column;
  }
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.name);
  std::string list;
  for (const std::string& known : names) list += (list.empty() ? "" : ", ") + known;
  const std::string nearest = nearest_name(lower_case(name), names);
  throw Error(ErrorCode::invalid_argument, "no column is called '" + std::string(name) + "'" +
                                               (nearest.empty() ? "" : " (did you mean '" + nearest + "'?)") +
                                               "; the columns are " + list);
}

}  // namespace neve::dataset
