#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>

namespace neve::dataset {

/// The spelling of each value of an enum, in one place for both directions.
template <class E, std::size_t N>
using EnumNames = std::array<std::pair<E, std::string_view>, N>;

template <class E, std::size_t N>
std::string_view name_in(const EnumNames<E, N>& names, E value) noexcept {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return "unknown";
}

/// Throws `code`, saying that `what` is unknown, with the nearest name.
template <class E, std::size_t N>
E value_of(const EnumNames<E, N>& names, std::string_view text, std::string_view what, ErrorCode code) {
  std::vector<std::string> known;
  for (const auto& [value, name] : names) {
    if (name == text) return value;
    known.emplace_back(name);
  }
  throw Error(code, "unknown " + std::string(what) + " '" + std::string(text) + "'" + suggestion(text, known));
}

}  // namespace neve::dataset
