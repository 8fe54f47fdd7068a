#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/codec/json_path.hpp>
#include <neve/key/field_info.hpp>
#include <neve/key/field_value.hpp>

/// The declared fields of a struct with their types erased, so that reading, writing and checking are compiled once and
/// not once per struct. Read config.hpp first.
namespace neve {

/// A condition on a field's value, tested on its JSON form. Bounds and choices hold for every number or text in a list,
/// map or optional; sizes for the list, map or text itself. A plain value.
struct FieldConstraint {
  enum class Kind { above, at_least, below, at_most, power_of_two, one_of, min_size, max_size };
  Kind kind;
  Json bound;  ///< a list for `one_of`, null for `power_of_two`

  /// "above 0"
  [[nodiscard]] std::string text() const;
  /// Throws `ConfigError` if `value` does not satisfy it.
  void require(const Json& value, const std::string& unit, const JsonPath& path) const;
};

/// A condition of the user's own, on the struct or one of its members.
struct FieldCheck {
  std::function<bool(const void*)> holds;
  std::string message;  ///< completes "field 'x' ": "must be a multiple of 3"
};

/// Reads, writes and describes one member of a struct that is passed as `void*`. Immutable; safe from any thread.
class FieldAccess {
 public:
  virtual ~FieldAccess() = default;
  virtual void read(void* object, const Json& json, const FieldContext& context) const = 0;
  [[nodiscard]] virtual Json write(const void* object, const FieldContext& context) const = 0;
  virtual void describe(FieldInfo& info) const = 0;
  /// Whether `other` is of the same member.
  [[nodiscard]] virtual bool is_of_member_of(const FieldAccess& other) const = 0;
};

/// One declared field. A plain value.
struct Field {
  std::string name;
  std::string unit;
  std::string doc;
  bool required = false;
  ChoiceNames choice_names;
  std::vector<FieldConstraint> constraints;
  std::vector<FieldCheck> checks;
  std::shared_ptr<const FieldAccess> access;
};

/// The fields of one struct. Every `void*` must point to an object of that struct. Safe to read from any thread.
class FieldTable {
 public:
  /// Throws `invalid_argument` if the name is empty or taken.
  void add(Field field);
  void add_check(FieldCheck check) { checks_.push_back(std::move(check)); }

  /// Fills the members that `json` names; the others keep their value. Throws `ConfigError` for unknown and missing
  /// fields and wrong types. Constraints are looked at by `write`.
  void read(void* object, const Json& json, const JsonPath& path) const;
  /// Every field, in canonical form. Throws `ConfigError` for a value outside its constraints.
  [[nodiscard]] Json write(const void* object, const JsonPath& path, FieldChecks checks) const;
  [[nodiscard]] std::vector<FieldInfo> schema(const void* defaults) const;

 private:
  [[nodiscard]] const Field* find(std::string_view name) const;
  [[noreturn]] void throw_unknown(const JsonPath& path, const std::string& name) const;

  std::vector<Field> fields_;
  std::vector<FieldCheck> checks_;
};

namespace config_detail {
/// Throws `invalid_argument` unless the enum field has names for its values, none for two of them.
void require_choice_names(const Field& field);
}  // namespace config_detail

}  // namespace neve
