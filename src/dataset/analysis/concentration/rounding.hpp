#pragma once

#include <neve/dataset/analysis/decimal_text.hpp>

#include "dataset/analysis/concentration/wide.hpp"

namespace neve::dataset {

/// Sums are whole millionths: six decimals.
inline constexpr int kSumPlaces = 6;
inline constexpr int kPercentPlaces = 6;
inline constexpr int kIndexPlaces = 9;

/// The absolute value.
[[nodiscard]] inline UInt128 magnitude(Int128 value) noexcept {
  return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

/// A sum of millionths, exactly.
[[nodiscard]] DecimalText sum_text(Int128 millionths);

/// `numerator / denominator`, rounded half to even at `places` decimals from the exact ratio. `denominator` > 0.
[[nodiscard]] DecimalText ratio_text(const Wide& numerator, const Wide& denominator, int places);

/// 100 * part / total, for `total` > 0, rounded half to even at six decimals.
[[nodiscard]] DecimalText percent_text(Int128 part, Int128 total);

}  // namespace neve::dataset
