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
  const auto list_of = [](const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& each : names) list += (list.empty() ? "" : ", ") + each;
    return list;
  };
  const Column* found = nullptr;
  std::vector<std::string> names;
  std::vector<std::string> headed;
  for (const Column& column : columns) {
    names.push_back(column.name);
    if (column.original != name) continue;
    found = &column;
    headed.push_back(column.name);
  }
  if (headed.size() == 1) return *found;
  if (!headed.empty()) {
    throw Error(ErrorCode::invalid_argument, "several columns have the header '" + std::string(name) +
                                                 "': name one of them as the schema does: " + list_of(headed));
  }
  const std::string nearest = nearest_name(lower_case(name), names);
  throw Error(ErrorCode::invalid_argument, "no column is called '" + std::string(name) + "'" +
                                               (nearest.empty() ? "" : " (did you mean '" + nearest + "'?)") +
                                               "; the columns are " + list_of(names));
}

}  // namespace neve::dataset
