#include <algorithm>

#include <neve/key/config_error.hpp>
#include <neve/key/field_table.hpp>

#include "key/short_json.hpp"

namespace neve {
namespace {

using Kind = FieldConstraint::Kind;

// Wide enough for every 64-bit integer and every double at once on the machines we build for.
long double number_of(const Json& value) {
  if (value.is_number_unsigned()) return static_cast<long double>(value.get<std::uint64_t>());
  if (value.is_number_integer()) return static_cast<long double>(value.get<std::int64_t>());
  return static_cast<long double>(value.get<double>());
}

bool is_power_of_two(const Json& value) {
  if (!value.is_number_unsigned() && value.get<std::int64_t>() <= 0) return false;
  const auto number = value.get<std::uint64_t>();
  return number != 0 && (number & (number - 1)) == 0;
}

bool leaf_satisfies(const FieldConstraint& constraint, const Json& leaf) {
  if (constraint.kind == Kind::one_of) {
    return std::find(constraint.bound.begin(), constraint.bound.end(), leaf) != constraint.bound.end();
  }
  if (constraint.kind == Kind::power_of_two) return is_power_of_two(leaf);
  const long double value = number_of(leaf);
  const long double bound = number_of(constraint.bound);
  switch (constraint.kind) {
    case Kind::above:
      return value > bound;
    case Kind::at_least:
      return value >= bound;
    case Kind::below:
      return value < bound;
    default:
      return value <= bound;
  }
}

std::size_t size_of(const Json& value) {
  return value.is_string() ? value.get_ref<const std::string&>().size() : value.size();
}

void require_leaves(const FieldConstraint& constraint, const Json& value, const std::string& unit,
                    const JsonPath& path) {
  if (value.is_null()) return;  // an optional that is not set
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) require_leaves(constraint, value[i], unit, JsonPath(path, i));
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.items()) require_leaves(constraint, member, unit, JsonPath(path, name));
  } else if (!leaf_satisfies(constraint, value)) {
    const bool measured = !unit.empty() && constraint.bound.is_number();
    throw ConfigError(path,
                      "must be " + constraint.text() + (measured ? " " + unit : "") + ", got " + short_json(value));
  }
}

void require_size(const FieldConstraint& constraint, const Json& value, const JsonPath& path) {
  if (value.is_null()) return;
  const auto bound = constraint.bound.get<std::size_t>();
  const std::size_t size = size_of(value);
  if (constraint.kind == Kind::min_size ? size >= bound : size <= bound) return;
  const std::string got = value.is_string() ? std::to_string(size) + " bytes" : std::to_string(size) + " elements";
  throw ConfigError(path, "must be " + constraint.text() + ", got " + (size == 0 ? "nothing" : got));
}

std::string list_text(const Json& values) {
  std::string text;
  for (const Json& value : values) text += (text.empty() ? "" : ", ") + short_json(value);
  return text;
}

}  // namespace

std::string FieldConstraint::text() const {
  switch (kind) {
    case Kind::above:
      return "above " + short_json(bound);
    case Kind::at_least:
      return "at least " + short_json(bound);
    case Kind::below:
      return "below " + short_json(bound);
    case Kind::at_most:
      return "at most " + short_json(bound);
    case Kind::power_of_two:
      return "a power of two";
    case Kind::one_of:
      return "one of " + list_text(bound);
    case Kind::min_size:
      return bound == 1 ? "non-empty" : "at least " + short_json(bound) + " long";
    case Kind::max_size:
      return "at most " + short_json(bound) + " long";
  }
  return "";
}

void FieldConstraint::require(const Json& value, const std::string& unit, const JsonPath& path) const {
  if (kind == Kind::min_size || kind == Kind::max_size) {
    require_size(*this, value, path);
  } else {
    require_leaves(*this, value, unit, path);
  }
}

}  // namespace neve
