#pragma once

#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/codec/json.hpp>
#include <neve/codec/json_path.hpp>
#include <neve/key/config_error.hpp>
#include <neve/key/field_value.hpp>

/// JSON as C++ values that are what was written: the JSON library by itself reads 0.5 as the integer 0, true as 1 and
/// -1 as 4294967295.
namespace neve::detail {

/// Types that `exact_value` reads by itself; others are left to their `from_json`.
template <class T>
struct IsPlainValue
    : std::bool_constant<std::is_same_v<T, bool> || std::is_same_v<T, double> || std::is_same_v<T, std::string> ||
                         (std::is_integral_v<T> && !std::is_same_v<T, char>)> {};
template <class T>
struct IsPlainValue<std::vector<T>> : IsPlainValue<T> {};
template <class T, std::size_t N>
struct IsPlainValue<std::array<T, N>> : IsPlainValue<T> {};
template <class T>
struct IsPlainValue<std::map<std::string, T>> : IsPlainValue<T> {};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
  static_assert(!config_detail::kHasNull<T>, "an optional of what may be null itself: use the inner type");
};

template <class T>
[[nodiscard]] T read_exactly(const Json& json, const JsonPath& path) {
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, long double>) {
    const double value = config_detail::read_number(json, path);
    const auto narrow = static_cast<T>(value);
    if (std::isfinite(value) && !std::isfinite(narrow)) throw ConfigError(path, "is too large for single precision");
    return narrow;
  } else if constexpr (IsOptional<T>::value) {
    if (json.is_null()) return std::nullopt;
    return read_exactly<typename T::value_type>(json, path);
  } else if constexpr (IsPlainValue<T>::value) {
    T value{};
    FieldCodec<T>::read(value, json, {path, {}});
    return value;
  } else {
    try {
      return json.get<T>();
    } catch (const Json::exception& error) {
      throw ConfigError(path, std::string("cannot be read as its C++ type: ") + error.what());
    }
  }
}

/// The member `name` of `owner`, which is `json`, as a T. Throws `invalid_argument`, naming both, if T cannot hold it;
/// a floating-point type may round.
template <class T>
[[nodiscard]] T exact_value(const char* owner, std::string_view name, const Json& json) {
  const JsonPath root;
  try {
    return read_exactly<T>(json, JsonPath(root, name));
  } catch (const ConfigError& error) {
    throw Error(ErrorCode::invalid_argument, std::string(owner) + ": " + error.what());
  }
}

}  // namespace neve::detail
