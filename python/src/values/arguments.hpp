#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>

#include <concepts>
#include <map>
#include <string>
#include <string_view>

namespace neve::python {

/// Throws `invalid_argument`: what was given under `name`, and what would be right.
[[noreturn]] void refuse_argument(nanobind::handle given, std::string_view name, std::string_view wanted);

template <class T>
constexpr std::string_view wanted_of() {
  if constexpr (std::same_as<T, bool>) return "True or False";
  if constexpr (std::same_as<T, std::string>) return "a text";
  if constexpr (std::floating_point<T>) return "a number";
  if constexpr (std::unsigned_integral<T>) return "a whole number, 0 or more";
  if constexpr (std::same_as<T, std::map<std::string, std::string>>) return "a dict of texts";
}

/// What Python gave under `name`, as a `T`. Throws `invalid_argument` where nanobind itself would say "std::bad_cast"
/// or recite signatures. Needs the GIL.
template <class T>
[[nodiscard]] T argument(nanobind::handle given, std::string_view name) {
  T value{};
  if (!nanobind::try_cast<T>(given, value)) refuse_argument(given, name, wanted_of<T>());
  return value;
}

}  // namespace neve::python
