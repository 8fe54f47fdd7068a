#pragma once

#include <span>
#include <utility>
#include <vector>

namespace neve::optics {

/// Evenly spaced cells over wavelength, filled from densities per frequency so that the energy in each cell is kept:
/// what a spectrometer of that resolution would show. Immutable.
class WavelengthCells {
 public:
  /// `count` cells between two wavelengths, for densities at `first_hz + i * step_hz`, i < `bins`.
  WavelengthCells(double from_m, double to_m, std::size_t count, double first_hz, double step_hz, std::size_t bins);

  /// Wavelengths of the cells' middles, in m.
  [[nodiscard]] std::vector<double> middles_m() const;

  /// Mean energy per wavelength of every cell from `energy_per_hz` ([bins]), into `energy_per_m` ([count]).
  void fill(std::span<const float> energy_per_hz, std::span<float> energy_per_m) const;

 private:
  double from_m_;
  double step_m_;
  std::vector<double>
      edges_in_bins_;  // of the cells, counted + 1, falling: in units of bins from the first bin's lower edge
  double step_hz_;
  std::size_t bins_;
};

/// First and last x whose y is at least `fraction` of the largest, widened by 5 % of their distance on both sides, but
/// not beyond the ends of the data. `x` is ascending. All of x if there is no positive y.
[[nodiscard]] std::pair<double, double> occupied_range(std::span<const double> x, std::span<const double> y,
                                                       double fraction);

}  // namespace neve::optics
