#include "wavelength_cells.hpp"

#include <algorithm>
#include <cmath>

#include <neve/optics/grid.hpp>

namespace neve::optics {

WavelengthCells::WavelengthCells(double from_m, double to_m, std::size_t count, double first_hz, double step_hz,
                                 std::size_t bins)
    : from_m_(from_m), step_m_((to_m - from_m) / static_cast<double>(count)), step_hz_(step_hz), bins_(bins) {
  edges_in_bins_.reserve(count + 1);
  for (std::size_t i = 0; i <= count; ++i) {
    const double edge_hz = kSpeedOfLight / (from_m + static_cast<double>(i) * step_m_);
    const double bin = (edge_hz - first_hz) / step_hz + 0.5;
    edges_in_bins_.push_back(std::clamp(bin, 0.0, static_cast<double>(bins)));
  }
}

std::vector<double> WavelengthCells::middles_m() const {
  std::vector<double> middles(edges_in_bins_.size() - 1);
  for (std::size_t i = 0; i < middles.size(); ++i) middles[i] = from_m_ + (static_cast<double>(i) + 0.5) * step_m_;
  return middles;
}

void WavelengthCells::fill(std::span<const float> energy_per_hz, std::span<float> energy_per_m) const {
  // The integral from the first bin's lower edge, at every bin edge; between them it rises linearly.
  std::vector<double> integral(bins_ + 1, 0.0);
  for (std::size_t i = 0; i < bins_; ++i)
    integral[i + 1] = integral[i] + static_cast<double>(energy_per_hz[i]) * step_hz_;
  const auto at = [&](double bins) {
    const auto below = std::min(static_cast<std::size_t>(bins), bins_ - 1);
    return integral[below] + (bins - static_cast<double>(below)) * (integral[below + 1] - integral[below]);
  };
  for (std::size_t i = 0; i < energy_per_m.size(); ++i) {
    energy_per_m[i] = static_cast<float>((at(edges_in_bins_[i]) - at(edges_in_bins_[i + 1])) / step_m_);
  }
}

std::pair<double, double> occupied_range(std::span<const double> x, std::span<const double> y, double fraction) {
  const double level = fraction * *std::max_element(y.begin(), y.end());
  if (!(level > 0)) return {x.front(), x.back()};
  std::size_t first = 0;
  while (y[first] < level) ++first;
  std::size_t last = y.size() - 1;
  while (y[last] < level) --last;
  first = first > 0 ? first - 1 : first;
  last = last + 1 < y.size() ? last + 1 : last;
  const double margin = 0.05 * (x[last] - x[first]);
  return {std::max(x[first] - margin, x.front()), std::min(x[last] + margin, x.back())};
}

}  // namespace neve::optics
