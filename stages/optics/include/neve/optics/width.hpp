#pragma once

#include <span>

namespace neve::optics {

/// Width of the peak of `y` over ascending `x` at half its maximum: from the highest sample outwards to the first
/// crossing on either side, interpolated linearly. A peak cut off by the end of the data counts to that end. Zero if
/// there is no positive sample. For a pulse that has split it is the width of the strongest part.
/// Throws `invalid_argument` if the lengths differ.
[[nodiscard]] double full_width_half_maximum(std::span<const double> x, std::span<const double> y);

/// Distance between the outermost crossings of `fraction` of the maximum, interpolated linearly: at 0.01, the -20 dB
/// width of a spectrum, however many holes it has. Throws `invalid_argument` unless 0 < fraction < 1 and the lengths
/// agree.
[[nodiscard]] double outer_width(std::span<const double> x, std::span<const double> y, double fraction);

/// Standard deviation of `x` under the weights `y`, which are not negative. Zero if they are all zero.
[[nodiscard]] double rms_width(std::span<const double> x, std::span<const double> y);

}  // namespace neve::optics
