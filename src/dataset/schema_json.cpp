#include <cmath>

#include <neve/dataset/schema.hpp>

#include "dataset/enum_names.hpp"
#include "dataset/json_member.hpp"

namespace neve::dataset {
namespace {

constexpr std::uint64_t kSchemaVersion = 1;
constexpr const char* kFile = "schema.json";

constexpr EnumNames<ColumnRole, 4> kRoles{{{ColumnRole::entity, "entity"},
                                           {ColumnRole::value, "value"},
                                           {ColumnRole::time, "time"},
                                           {ColumnRole::text, "text"}}};
constexpr EnumNames<TimePart, 5> kParts{{{TimePart::none, "none"},
                                         {TimePart::date, "date"},
                                         {TimePart::year, "year"},
                                         {TimePart::quarter, "quarter"},
                                         {TimePart::month, "month"}}};

Grain grain_of(const std::string& text) {
  try {
    return parse_grain(text);
  } catch (const Error& error) {
    throw Error(ErrorCode::corrupt, std::string(kFile) + ": " + error.what());
  }
}

Json grains_json(const std::vector<Grain>& grains) {
  Json list = Json::array();
  for (const Grain grain : grains) list.push_back(to_string(grain));
  return list;
}

Json column_json(const Column& column) {
  Json json = {{"name", column.name},
               {"original", column.original},
               {"type", to_string(column.type)},
               {"role", to_string(column.role)},
               {"cardinality", column.cardinality},
               {"cardinality_exact", column.cardinality_exact},
               {"blanks", column.blanks},
               {"null_rate", column.null_rate},
               {"storage", column.storage},
               {"representation", column.representation}};
  if (column.time_part != TimePart::none) json["time_part"] = to_string(column.time_part);
  if (column.grain != Grain::automatic) json["grain"] = to_string(column.grain);
  return json;
}

Column column_of(const Json& json) {
  const MemberReader members(json, kFile);
  Column column;
  column.name = members.text("name");
  column.original = members.text("original");
  try {
    column.type = parse_column_type(members.text("type"));
  } catch (const Error& error) {
    throw Error(ErrorCode::corrupt, std::string(kFile) + ": " + error.what());
  }
  column.role = value_of(kRoles, members.text("role"), "role", ErrorCode::corrupt);
  column.cardinality = members.count("cardinality");
  column.cardinality_exact = members.flag("cardinality_exact");
  column.blanks = members.count("blanks");
  column.null_rate = members.number("null_rate");
  column.storage = members.text("storage");
  for (const auto& [name, value] : members.object("representation").items()) {
    if (!value.is_string())
      throw Error(ErrorCode::corrupt, std::string(kFile) + ": 'representation' must hold strings");
    column.representation.emplace(name, value.get<std::string>());
  }
  if (json.contains("time_part")) {
    column.time_part = value_of(kParts, members.text("time_part"), "time part", ErrorCode::corrupt);
  }
  if (json.contains("grain")) column.grain = grain_of(members.text("grain"));
  return column;
}

}  // namespace

std::string_view to_string(ColumnRole role) noexcept { return name_in(kRoles, role); }
std::string_view to_string(TimePart part) noexcept { return name_in(kParts, part); }

Json Schema::to_json() const {
  Json json = {{"schema_version", kSchemaVersion},
               {"rows", rows},
               {"columns", Json::array()},
               {"period_grain", to_string(period_grain)},
               {"period_grain_candidates", grains_json(period_grain_candidates)},
               {"time_candidates", Json::array()},
               {"total_rows_column", total_rows_column},
               {"total_rows", total_rows},
               {"period_columns", period_columns},
               {"warnings", Json::array()}};
  for (const Column& column : columns) json["columns"].push_back(column_json(column));
  for (const TimeCandidate& candidate : time_candidates) {
    json["time_candidates"].push_back({{"columns", candidate.columns}, {"grain", to_string(candidate.grain)}});
  }
  for (const SchemaWarning& warning : warnings) {
    json["warnings"].push_back({{"code", warning.code}, {"column", warning.column}, {"text", warning.text}});
  }
  return json;
}

Schema Schema::from_json(const Json& json) {
  const MemberReader members(json, kFile);
  if (members.count("schema_version") != kSchemaVersion) {
    throw Error(ErrorCode::corrupt,
                std::string(kFile) + ": its version is not 1, the only one that this program knows");
  }
  Schema schema;
  schema.rows = members.count("rows");
  for (const Json& column : members.list("columns")) schema.columns.push_back(column_of(column));
  schema.period_grain = grain_of(members.text("period_grain"));
  for (const std::string& grain : members.texts("period_grain_candidates")) {
    schema.period_grain_candidates.push_back(grain_of(grain));
  }
  for (const Json& item : members.list("time_candidates")) {
    const MemberReader candidate(item, kFile);
    schema.time_candidates.push_back({candidate.texts("columns"), grain_of(candidate.text("grain"))});
  }
  schema.total_rows_column = members.text("total_rows_column");
  schema.total_rows = members.count("total_rows");
  schema.period_columns = members.texts("period_columns");
  for (const Json& item : members.list("warnings")) {
    const MemberReader warning(item, kFile);
    schema.warnings.push_back({warning.text("code"), warning.text("column"), warning.text("text")});
  }
  return schema;
}

}  // namespace neve::dataset
