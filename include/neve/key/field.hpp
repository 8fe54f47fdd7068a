#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <neve/key/field_table.hpp>
#include <neve/key/field_value.hpp>
#include <neve/key/member_count.hpp>

/// Declaring the fields of a config struct. Read config.hpp first.
namespace neve {
namespace config_detail {

// The type of the numbers or texts that a field holds, whatever holds them.
template <class T>
struct LeafOf {
  using Type = T;
};
template <class T>
struct LeafOf<std::optional<T>> : LeafOf<T> {};
template <class T>
struct LeafOf<std::vector<T>> : LeafOf<T> {};
template <class T, std::size_t N>
struct LeafOf<std::array<T, N>> : LeafOf<T> {};
template <class T>
struct LeafOf<std::map<std::string, T>> : LeafOf<T> {};

template <class T>
concept Number = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;

template <class T>
concept Readable = requires(T& into, const Json& json, const FieldContext& context) {
  FieldCodec<T>::read(into, json, context);
};

template <class S, class T>
class MemberAccess final : public FieldAccess {
 public:
  explicit MemberAccess(T S::*member) : member_(member) {}
  void read(void* object, const Json& json, const FieldContext& context) const override {
    FieldCodec<T>::read(static_cast<S*>(object)->*member_, json, context);
  }
  [[nodiscard]] Json write(const void* object, const FieldContext& context) const override {
    return FieldCodec<T>::write(static_cast<const S*>(object)->*member_, context);
  }
  void describe(FieldInfo& info) const override { FieldCodec<T>::describe(info); }
  [[nodiscard]] bool is_of_member_of(const FieldAccess& other) const override {
    const auto* const alike = dynamic_cast<const MemberAccess*>(&other);
    return alike != nullptr && alike->member_ == member_;
  }

 private:
  T S::*member_;
};

}  // namespace config_detail

/// One field while it is being declared. Every function returns the object itself, so that they chain. Used by one
/// thread.
template <class S, class T>
class FieldBuilder {
  using Leaf = typename config_detail::LeafOf<T>::Type;
  static constexpr bool kIsNumber = config_detail::Number<Leaf>;
  static constexpr bool kIsEnum = std::is_enum_v<Leaf>;

 public:
  FieldBuilder(std::string name, T S::*member) : member_(member) {
    static_assert(
        config_detail::Readable<T>,
        "a config field is a bool, integer, double, std::string, enum, neve::Json, a struct with fields(), or an "
        "std::optional, vector, array or map<std::string, ...> of these; or specialise neve::FieldCodec");
    field_.name = std::move(name);
  }

  /// The unit, shown in messages and help.
  FieldBuilder&& unit(std::string unit) && { return field_.unit = std::move(unit), std::move(*this); }
  /// What it means, for `--help`.
  FieldBuilder&& doc(std::string doc) && { return field_.doc = std::move(doc), std::move(*this); }
  /// Must be given: the struct's default is not used.
  FieldBuilder&& required() && { return field_.required = true, std::move(*this); }

  // Bounds on the number, or on every number in a list, map or optional. NaN satisfies none of them.
  FieldBuilder&& above(config_detail::Number auto bound) && { return number(FieldConstraint::Kind::above, bound); }
  FieldBuilder&& at_least(config_detail::Number auto bound) && {
    return number(FieldConstraint::Kind::at_least, bound);
  }
  FieldBuilder&& below(config_detail::Number auto bound) && { return number(FieldConstraint::Kind::below, bound); }
  FieldBuilder&& at_most(config_detail::Number auto bound) && { return number(FieldConstraint::Kind::at_most, bound); }
  FieldBuilder&& power_of_two() && {
    static_assert(std::integral<Leaf> && kIsNumber, "power_of_two() is for integers");
    return number(FieldConstraint::Kind::power_of_two, nullptr);
  }

  // Bounds on the length of a list, map or text; texts are measured in bytes.
  FieldBuilder&& min_size(std::size_t least) && { return size(FieldConstraint::Kind::min_size, least); }
  FieldBuilder&& max_size(std::size_t most) && { return size(FieldConstraint::Kind::max_size, most); }
  FieldBuilder&& non_empty() && { return size(FieldConstraint::Kind::min_size, 1); }

  /// The names of an enum's values. Every enum needs them, since its numbers must not reach a key.
  FieldBuilder&& choices(std::initializer_list<std::pair<std::string, Leaf>> names) && requires kIsEnum {
    for (const auto& [name, value] : names) field_.choice_names.emplace_back(name, static_cast<std::int64_t>(value));
    return std::move(*this);
  }
  /// The only values that are allowed.
  FieldBuilder&& choices(std::initializer_list<Leaf> values) &&
      requires(kIsNumber || std::is_same_v<Leaf, std::string>) {
    Json list = Json::array();
    for (const Leaf& value : values) list.push_back(value);
    field_.constraints.push_back({FieldConstraint::Kind::one_of, std::move(list)});
    return std::move(*this);
  }

  /// A condition of your own; `message` completes "field 'x' ": "must be a multiple of 3".
  FieldBuilder&& check(std::function<bool(const T&)> condition, std::string message) && {
    conditions_.emplace_back(std::move(condition), std::move(message));
    return std::move(*this);
  }

  /// Called by `fields`. S may be a base class of Struct.
  template <std::derived_from<S> Struct>
  [[nodiscard]] Field build() && {
    T Struct::*member = member_;
    field_.access = std::make_shared<config_detail::MemberAccess<Struct, T>>(member);
    for (auto& [condition, message] : conditions_) {
      field_.checks.push_back({[member, condition = std::move(condition)](const void* object) {
                                 return condition(static_cast<const Struct*>(object)->*member);
                               },
                               std::move(message)});
    }
    if constexpr (kIsEnum) config_detail::require_choice_names(field_);
    return std::move(field_);
  }

 private:
  FieldBuilder&& number(FieldConstraint::Kind kind, Json bound) {
    static_assert(kIsNumber, "bounds are for numbers and lists, maps and optionals of numbers");
    field_.constraints.push_back({kind, std::move(bound)});
    return std::move(*this);
  }
  FieldBuilder&& size(FieldConstraint::Kind kind, std::size_t bound) {
    static_assert(!config_detail::Number<T> && !std::is_enum_v<T> && !ConfigStruct<T>,
                  "sizes are for lists, maps and texts");
    field_.constraints.push_back({kind, bound});
    return std::move(*this);
  }

  T S::*member_;
  Field field_;
  std::vector<std::pair<std::function<bool(const T&)>, std::string>> conditions_;
};

/// Declares the member `member` of S as the config field `name`.
template <class S, class T>
[[nodiscard]] FieldBuilder<S, T> field(std::string name, T S::*member) {
  return {std::move(name), member};
}

/// The fields of S, as `S::fields()` returns them. A value.
template <class S>
class FieldList {
 public:
  explicit FieldList(FieldTable table) : table_(std::move(table)) {}

  /// A condition between fields; `message` completes "the config ": "must have t_min_s below t_max_s".
  FieldList&& check(std::function<bool(const S&)> condition, std::string message) && {
    table_.add_check(
        {[condition = std::move(condition)](const void* object) { return condition(*static_cast<const S*>(object)); },
         std::move(message)});
    return std::move(*this);
  }

  [[nodiscard]] const FieldTable& table() const noexcept { return table_; }

 private:
  FieldTable table_;
};

/// Collects what `field` made, one for each member: a plain struct with another does not compile. Throws
/// `invalid_argument` if two fields have one name or one member, an enum has no choices or two values have one name.
template <class S, class... Builders>
[[nodiscard]] FieldList<S> fields(Builders&&... builders) {
  static_assert(!config_detail::kHasMoreMembersThan<S, sizeof...(Builders)>,
                "a member of this config struct is not among its fields(): it would enter no key, so that results of "
                "different values were one; declare it, or keep it elsewhere");
  FieldTable table;
  (table.add(std::move(builders).template build<S>()), ...);
  return FieldList<S>(std::move(table));
}

template <class S>
const FieldTable& field_table() {
  static const FieldList<S> list = S::fields();
  return list.table();
}

}  // namespace neve
