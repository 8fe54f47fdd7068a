#include <neve/key/field_table.hpp>

#include <algorithm>
#include <map>

#include <neve/base/nearest.hpp>
#include <neve/key/config_error.hpp>

#include "key/short_json.hpp"

namespace neve {
namespace {

void require_checks(const std::vector<FieldCheck>& checks, const void* object, const Json& value,
                    const JsonPath& path) {
  for (const FieldCheck& check : checks) {
    if (!check.holds(object))
      throw ConfigError(path, check.message + (path.depth() == 0 ? "" : ", got " + short_json(value)));
  }
}

FieldInfo describe(const Field& field, const void* defaults) {
  FieldInfo info;
  info.name = field.name;
  info.unit = field.unit;
  info.doc = field.doc;
  info.required = field.required;
  if (!field.required) {
    const JsonPath root;
    info.default_value =
        field.access->write(defaults, {JsonPath(root, field.name), field.choice_names, FieldChecks::off});
  }
  for (const auto& choice : field.choice_names) info.choices.push_back(choice.first);
  for (const FieldConstraint& constraint : field.constraints) {
    info.constraints.push_back(constraint.text());
    if (constraint.kind != FieldConstraint::Kind::one_of) continue;
    for (const Json& value : constraint.bound) {
      info.choices.push_back(value.is_string() ? value.get<std::string>() : dump_compact_json(value));
    }
  }
  for (const FieldCheck& check : field.checks) info.constraints.push_back(check.message);
  field.access->describe(info);
  return info;
}

}  // namespace

void FieldTable::add(Field field) {
  if (field.name.empty()) throw Error(ErrorCode::invalid_argument, "a config field was declared without a name");
  if (find(field.name) != nullptr) {
    throw Error(ErrorCode::invalid_argument, "the config field '" + field.name + "' was declared twice");
  }
  for (const Field& other : fields_) {
    if (other.access->is_of_member_of(*field.access)) {
      throw Error(ErrorCode::invalid_argument, "the config fields '" + other.name + "' and '" + field.name +
                                                   "' are the same member, so another one would enter no key");
    }
  }
  fields_.push_back(std::move(field));
}

const Field* FieldTable::find(std::string_view name) const {
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [&](const Field& field) { return field.name == name; });
  return found == fields_.end() ? nullptr : &*found;
}

void FieldTable::throw_unknown(const JsonPath& path, const std::string& name) const {
  std::vector<std::string> names;
  for (const Field& field : fields_) names.push_back(field.name);
  const JsonPath member(path, name);
  const std::string hint = names.empty() ? std::string(" (there are no fields)") : suggestion(name, names);
  throw ConfigError("unknown field '" + member.dotted() + "'" + hint, member);
}

void FieldTable::read(void* object, const Json& json, const JsonPath& path) const {
  if (!json.is_object()) {
    throw ConfigError(path, "must be an object of fields and values, got " + short_json(json));
  }
  for (const auto& [name, value] : json.get_ref<const Json::object_t&>()) {
    const Field* const field = find(name);
    if (field == nullptr) throw_unknown(path, name);
    field->access->read(object, value, {JsonPath(path, name), field->choice_names});
  }
  for (const Field& field : fields_) {
    if (!field.required || json.contains(field.name)) continue;
    throw ConfigError("field '" + JsonPath(path, field.name).dotted() + "' is missing; it has no default", path);
  }
}

Json FieldTable::write(const void* object, const JsonPath& path, FieldChecks checks) const {
  Json json = Json::object();
  for (const Field& field : fields_) {
    const JsonPath member(path, field.name);
    Json value = field.access->write(object, {member, field.choice_names, checks});
    if (checks == FieldChecks::on) {
      for (const FieldConstraint& constraint : field.constraints) constraint.require(value, field.unit, member);
      require_checks(field.checks, object, value, member);
    }
    json[field.name] = std::move(value);
  }
  if (checks == FieldChecks::on) require_checks(checks_, object, json, path);
  return json;
}

std::vector<FieldInfo> FieldTable::schema(const void* defaults) const {
  std::vector<FieldInfo> infos;
  for (const Field& field : fields_) infos.push_back(describe(field, defaults));
  return infos;
}

void config_detail::require_choice_names(const Field& field) {
  if (field.choice_names.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "the config field '" + field.name + "' holds an enum and needs .choices({{\"name\", value}, ...})");
  }
  std::map<std::string_view, std::int64_t> values;
  for (const auto& [name, value] : field.choice_names) {
    if (values.emplace(name, value).first->second == value) continue;
    throw Error(ErrorCode::invalid_argument,
                "the config field '" + field.name + "' calls two values '" + name + "'; both would have one key");
  }
}

}  // namespace neve
