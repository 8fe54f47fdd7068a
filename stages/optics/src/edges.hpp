#pragma once

#include <algorithm>
#include <complex>
#include <cstddef>

#include "aligned.hpp"

namespace neve::optics {

/// How far from the end of a window its edge reaches: 2.5 % of the `points` on either side, 5 % of the window together.
[[nodiscard]] constexpr std::size_t edge_reach(std::size_t points) { return std::max<std::size_t>(1, points / 40); }

/// Sum of |x|^2 over the edge of a periodic array whose two ends meet before element `seam`: `edge_reach` elements on
/// either side of that one.
template <class Array>
[[nodiscard]] double power_near(const Array& values, std::size_t seam) {
  const std::size_t n = values.size();
  const std::size_t reach = edge_reach(n);
  double sum = 0;
  for (std::size_t i = 0; i <= 2 * reach; ++i) sum += std::norm(values[(seam + n - reach + i) % n]);
  return sum;
}

/// The share of the whole sum of |x|^2 that is in `power_near`; 0 of nothing.
template <class Array>
[[nodiscard]] double share_near(const Array& values, std::size_t seam) {
  double all = 0;
  for (const Complex& value : values) all += std::norm(value);
  return all > 0 ? std::min(power_near(values, seam) / all, 1.0) : 0.0;
}

/// What dispersion does to the light of a spectrum, against the length of the time window.
struct Drift {
  std::size_t looks = 1;  ///< parts of the way in none of which light crosses the window's edge unseen; 40 at most
  double lost = 0;        ///< share of the energy that is moved by a whole window or more, wherever it was
};

/// The drift of `spectrum` when bin k is delayed by `scale * delays[k]` (s). What is 90 dB below the brightest bin does
/// not count.
[[nodiscard]] Drift drift_of(const ComplexArray& spectrum, const RealArray& delays, double scale, double window_s);

}  // namespace neve::optics
