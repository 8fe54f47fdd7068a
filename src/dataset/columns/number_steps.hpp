#pragma once

#include "dataset/columns/column_plan.hpp"
#include "dataset/values/int128.hpp"

namespace neve::dataset {

/// The largest step that a column's values may have before any of them is known: one.
[[nodiscard]] constexpr Int128 widest_step(ColumnType type) noexcept {
  return type == ColumnType::decimal ? Int128{1'000'000} : Int128{1};
}

/// Makes the step, a power of ten, so small that it divides `value`.
constexpr void narrow_step(Int128& step, Int128 value) noexcept {
  while (step > 1 && value % step != 0) step /= 10;
}

[[nodiscard]] constexpr Int128 magnitude(Int128 value) noexcept { return value < 0 ? -value : value; }

/// What is so many steps large is a sum hardly by chance.
inline constexpr Int128 kTellingSteps = 25;

}  // namespace neve::dataset
