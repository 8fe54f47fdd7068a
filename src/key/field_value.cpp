#include <neve/key/field_value.hpp>

#include <algorithm>
#include <cmath>

#include <neve/base/nearest.hpp>
#include <neve/key/config_error.hpp>
#include <neve/key/field_table.hpp>

#include "key/short_json.hpp"

namespace neve::config_detail {
namespace {

[[noreturn]] void expected(const std::string& what, const Json& json, const JsonPath& path) {
  throw ConfigError(path, "must be " + what + ", got " + short_json(json));
}

// A whole number spelt as a float is a common slip, so the message says how to spell it.
[[noreturn]] void expected_integer(const Json& json, const JsonPath& path) {
  constexpr double kExact = 9007199254740992.0;
  if (json.is_number_float()) {
    const double value = json.get<double>();
    if (std::trunc(value) == value && std::abs(value) <= kExact) {
      expected("an integer (write " + std::to_string(static_cast<std::int64_t>(value)) + ")", json, path);
    }
  }
  expected("an integer", json, path);
}

std::string range_text(const std::string& least, const std::string& most) {
  return "an integer from " + least + " to " + most;
}

std::vector<std::string> names_of(const ChoiceNames& choices) {
  std::vector<std::string> names;
  for (const auto& choice : choices) names.push_back(choice.first);
  return names;
}

std::string one_of(const ChoiceNames& choices) {
  std::string text = "one of ";
  for (std::size_t i = 0; i < choices.size(); ++i) text += (i == 0 ? "" : ", ") + choices[i].first;
  return text;
}

}  // namespace

bool read_bool(const Json& json, const JsonPath& path) {
  if (!json.is_boolean()) expected("true or false", json, path);
  return json.get<bool>();
}

std::int64_t read_signed(const Json& json, const JsonPath& path, std::int64_t least, std::int64_t most) {
  if (!json.is_number_integer()) expected_integer(json, path);
  const bool too_large = json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(most);
  const auto value = json.get<std::int64_t>();
  if (too_large || value < least || value > most)
    expected(range_text(std::to_string(least), std::to_string(most)), json, path);
  return value;
}

std::uint64_t read_unsigned(const Json& json, const JsonPath& path, std::uint64_t most) {
  if (!json.is_number_integer()) expected_integer(json, path);
  const bool negative = !json.is_number_unsigned() && json.get<std::int64_t>() < 0;
  const auto value = json.get<std::uint64_t>();
  if (negative || value > most) expected(range_text("0", std::to_string(most)), json, path);
  return value;
}

double read_number(const Json& json, const JsonPath& path) {
  if (json.is_number_float()) return json.get<double>();
  if (!json.is_number_integer()) expected("a number", json, path);
  const auto value = json.get<double>();
  const bool exact = json.is_number_unsigned()
                         ? static_cast<long double>(json.get<std::uint64_t>()) == static_cast<long double>(value)
                         : static_cast<long double>(json.get<std::int64_t>()) == static_cast<long double>(value);
  if (!exact) expected("a number that a double holds exactly", json, path);
  return value;
}

const std::string& read_text(const Json& json, const JsonPath& path) {
  if (!json.is_string()) expected("a text", json, path);
  return json.get_ref<const std::string&>();
}

std::int64_t read_choice(const Json& json, const FieldContext& context) {
  if (!json.is_string()) expected(one_of(context.choices), json, context.path);
  const auto& name = json.get_ref<const std::string&>();
  const auto found = std::find_if(context.choices.begin(), context.choices.end(),
                                  [&](const auto& choice) { return choice.first == name; });
  if (found != context.choices.end()) return found->second;
  const std::string near = nearest_name(name, names_of(context.choices));
  throw ConfigError(context.path, "must be " + one_of(context.choices) + ", got " + short_json(json) +
                                      (near.empty() ? "" : " (did you mean '" + near + "'?)"));
}

Json write_choice(std::int64_t value, const FieldContext& context) {
  for (const auto& [name, number] : context.choices) {
    if (number == value) return name;
  }
  throw ConfigError(context.path,
                    "must be " + one_of(context.choices) + ", got the unnamed value " + std::to_string(value));
}

const Json::array_t& read_list(const Json& json, const JsonPath& path) {
  if (!json.is_array()) expected("a list", json, path);
  return json.get_ref<const Json::array_t&>();
}

const Json::object_t& read_object(const Json& json, const JsonPath& path) {
  if (!json.is_object()) expected("an object of names and values", json, path);
  return json.get_ref<const Json::object_t&>();
}

void require_length(std::size_t actual, std::size_t wanted, const JsonPath& path) {
  if (actual == wanted) return;
  throw ConfigError(path, "must have " + std::to_string(wanted) + " elements, got " + std::to_string(actual));
}

void read_struct(const FieldTable& table, void* object, const Json& json, const FieldContext& context) {
  table.read(object, json, context.path);
}

Json write_struct(const FieldTable& table, const void* object, const FieldContext& context) {
  return table.write(object, context.path, context.checks);
}

void describe_struct(const FieldTable& table, const void* defaults, FieldInfo& info) {
  info.type = "group";
  thread_local std::vector<const FieldTable*> open;  // a struct that holds a list of itself is described once
  if (std::find(open.begin(), open.end(), &table) != open.end()) return;
  open.push_back(&table);
  try {
    info.fields = table.schema(defaults);
  } catch (...) {
    open.pop_back();
    throw;
  }
  open.pop_back();
}

}  // namespace neve::config_detail
