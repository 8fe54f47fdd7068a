#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/codec/json_path.hpp>
#include <neve/key/field_info.hpp>

/// How the values of config fields become JSON and back. Read config.hpp first.
namespace neve {

/// The names of an enum's values.
using ChoiceNames = std::vector<std::pair<std::string, std::int64_t>>;

/// Whether a value that is written must satisfy the constraints of its fields; defaults in a schema need not.
enum class FieldChecks { on, off };

/// What reading or writing a value needs to know besides the value.
struct FieldContext {
  const JsonPath& path;
  const ChoiceNames& choices;
  FieldChecks checks = FieldChecks::on;

  [[nodiscard]] FieldContext at(const JsonPath& deeper) const { return {deeper, choices, checks}; }
};

class FieldTable;
/// The fields of `S`, built once.
template <class S>
const FieldTable& field_table();

template <class T>
concept ConfigStruct = std::is_class_v<T> && requires {
  T::fields();
};

/// How a value of type T is read, written and described. Specialise it for types of your own:
///   `static void read(T& into, const Json&, const FieldContext&)`, which throws `ConfigError`;
///   `static Json write(const T&, const FieldContext&)`; equal values must give equal JSON;
///   `static void describe(FieldInfo&)`, which sets the type.
template <class T>
struct FieldCodec;

namespace config_detail {

// Each throws ConfigError, saying what was expected and what was there.
[[nodiscard]] bool read_bool(const Json& json, const JsonPath& path);
[[nodiscard]] std::int64_t read_signed(const Json& json, const JsonPath& path, std::int64_t least, std::int64_t most);
[[nodiscard]] std::uint64_t read_unsigned(const Json& json, const JsonPath& path, std::uint64_t most);
/// An integer is taken as the double it equals, so that 1 and 1.0 are one value; refused if there is none.
[[nodiscard]] double read_number(const Json& json, const JsonPath& path);
[[nodiscard]] const std::string& read_text(const Json& json, const JsonPath& path);
[[nodiscard]] std::int64_t read_choice(const Json& json, const FieldContext& context);
[[nodiscard]] Json write_choice(std::int64_t value, const FieldContext& context);
[[nodiscard]] const Json::array_t& read_list(const Json& json, const JsonPath& path);
[[nodiscard]] const Json::object_t& read_object(const Json& json, const JsonPath& path);
void require_length(std::size_t actual, std::size_t wanted, const JsonPath& path);

void read_struct(const FieldTable& table, void* object, const Json& json, const FieldContext& context);
[[nodiscard]] Json write_struct(const FieldTable& table, const void* object, const FieldContext& context);
void describe_struct(const FieldTable& table, const void* defaults, FieldInfo& info);

/// Types with a value that is written as null.
template <class T>
inline constexpr bool kHasNull = std::is_same_v<T, Json>;
template <class T>
inline constexpr bool kHasNull<std::optional<T>> = true;

}  // namespace config_detail

template <>
struct FieldCodec<bool> {
  static void read(bool& into, const Json& json, const FieldContext& context) {
    into = config_detail::read_bool(json, context.path);
  }
  static Json write(bool value, const FieldContext&) { return value; }
  static void describe(FieldInfo& info) { info.type = "boolean"; }
};

template <std::integral T>
struct FieldCodec<T> {
  static_assert(!std::is_same_v<T, char>, "a char is neither a number nor a text; use std::string or std::int8_t");
  using Limits = std::numeric_limits<T>;

  static void read(T& into, const Json& json, const FieldContext& context) {
    if constexpr (std::is_signed_v<T>) {
      into = static_cast<T>(config_detail::read_signed(json, context.path, Limits::min(), Limits::max()));
    } else {
      into = static_cast<T>(config_detail::read_unsigned(json, context.path, Limits::max()));
    }
  }
  static Json write(T value, const FieldContext&) { return value; }
  static void describe(FieldInfo& info) { info.type = "integer"; }
};

template <>
struct FieldCodec<double> {
  static void read(double& into, const Json& json, const FieldContext& context) {
    into = config_detail::read_number(json, context.path);
  }
  static Json write(double value, const FieldContext&) { return value; }
  static void describe(FieldInfo& info) { info.type = "number"; }
};

template <>
struct FieldCodec<std::string> {
  static void read(std::string& into, const Json& json, const FieldContext& context) {
    into = config_detail::read_text(json, context.path);
  }
  static Json write(const std::string& value, const FieldContext&) { return value; }
  static void describe(FieldInfo& info) { info.type = "text"; }
};

template <>
struct FieldCodec<Json> {
  static void read(Json& into, const Json& json, const FieldContext&) { into = json; }
  static Json write(const Json& value, const FieldContext&) { return value; }
  static void describe(FieldInfo& info) { info.type = "anything"; }
};

template <class T>
requires std::is_enum_v<T>
struct FieldCodec<T> {
  static void read(T& into, const Json& json, const FieldContext& context) {
    into = static_cast<T>(config_detail::read_choice(json, context));
  }
  static Json write(T value, const FieldContext& context) {
    return config_detail::write_choice(static_cast<std::int64_t>(value), context);
  }
  static void describe(FieldInfo& info) { info.type = "choice"; }
};

/// A nested struct: fields that are not given keep what the enclosing struct's default has.
template <ConfigStruct T>
struct FieldCodec<T> {
  static void read(T& into, const Json& json, const FieldContext& context) {
    config_detail::read_struct(field_table<T>(), &into, json, context);
  }
  static Json write(const T& value, const FieldContext& context) {
    return config_detail::write_struct(field_table<T>(), &value, context);
  }
  static void describe(FieldInfo& info) {
    const T defaults{};
    config_detail::describe_struct(field_table<T>(), &defaults, info);
  }
};

template <class T>
struct FieldCodec<std::optional<T>> {
  static_assert(!config_detail::kHasNull<T>,
                "unset and null would have one key; use neve::Json, or one std::optional, by itself");

  static void read(std::optional<T>& into, const Json& json, const FieldContext& context) {
    if (json.is_null()) {
      into.reset();
    } else {
      FieldCodec<T>::read(into.emplace(), json, context);
    }
  }
  static Json write(const std::optional<T>& value, const FieldContext& context) {
    return value ? FieldCodec<T>::write(*value, context) : Json(nullptr);
  }
  static void describe(FieldInfo& info) {
    FieldCodec<T>::describe(info);
    info.type = "optional " + info.type;
  }
};

template <class T>
struct FieldCodec<std::vector<T>> {
  static void read(std::vector<T>& into, const Json& json, const FieldContext& context) {
    const Json::array_t& elements = config_detail::read_list(json, context.path);
    into.clear();
    into.reserve(elements.size());
    for (std::size_t i = 0; i < elements.size(); ++i) {
      T element{};
      FieldCodec<T>::read(element, elements[i], context.at(JsonPath(context.path, i)));
      into.push_back(std::move(element));
    }
  }
  static Json write(const std::vector<T>& value, const FieldContext& context) {
    Json list = Json::array();
    for (std::size_t i = 0; i < value.size(); ++i) {
      list.push_back(FieldCodec<T>::write(value[i], context.at(JsonPath(context.path, i))));
    }
    return list;
  }
  static void describe(FieldInfo& info) {
    FieldCodec<T>::describe(info);
    info.type = "list of " + info.type;
  }
};

template <class T, std::size_t N>
struct FieldCodec<std::array<T, N>> {
  static void read(std::array<T, N>& into, const Json& json, const FieldContext& context) {
    const Json::array_t& elements = config_detail::read_list(json, context.path);
    config_detail::require_length(elements.size(), N, context.path);
    for (std::size_t i = 0; i < N; ++i)
      FieldCodec<T>::read(into[i], elements[i], context.at(JsonPath(context.path, i)));
  }
  static Json write(const std::array<T, N>& value, const FieldContext& context) {
    Json list = Json::array();
    for (std::size_t i = 0; i < N; ++i) {
      list.push_back(FieldCodec<T>::write(value[i], context.at(JsonPath(context.path, i))));
    }
    return list;
  }
  static void describe(FieldInfo& info) {
    FieldCodec<T>::describe(info);
    info.type = "list of " + std::to_string(N) + ' ' + info.type;
  }
};

template <class T>
struct FieldCodec<std::map<std::string, T>> {
  static void read(std::map<std::string, T>& into, const Json& json, const FieldContext& context) {
    into.clear();
    for (const auto& [name, value] : config_detail::read_object(json, context.path)) {
      FieldCodec<T>::read(into[name], value, context.at(JsonPath(context.path, name)));
    }
  }
  static Json write(const std::map<std::string, T>& value, const FieldContext& context) {
    Json object = Json::object();
    for (const auto& [name, element] : value) {
      object[name] = FieldCodec<T>::write(element, context.at(JsonPath(context.path, name)));
    }
    return object;
  }
  static void describe(FieldInfo& info) {
    FieldCodec<T>::describe(info);
    info.type = "map of " + info.type;
  }
};

}  // namespace neve
