#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <neve/base/error.hpp>

namespace neve::optics {

/// Throws `invalid_argument`: "`name` is `value`; it must be `rule`".
[[noreturn]] inline void refuse(std::string_view name, double value, std::string_view rule) {
  throw Error(ErrorCode::invalid_argument, fmt::format("{} is {:g}; it must be {}", name, value, rule));
}

inline void require_finite(std::string_view name, double value) {
  if (!std::isfinite(value)) refuse(name, value, "a finite number");
}

inline void require_positive(std::string_view name, double value) {
  if (!std::isfinite(value) || value <= 0) refuse(name, value, "a positive number");
}

inline void require_not_negative(std::string_view name, double value) {
  if (!std::isfinite(value) || value < 0) refuse(name, value, "zero or positive");
}

inline void require_within(std::string_view name, double value, double low, double high) {
  if (!(value >= low && value <= high)) refuse(name, value, fmt::format("between {:g} and {:g}", low, high));
}

}  // namespace neve::optics
