#include <neve/optics/spectrogram.hpp>

#include "check.hpp"
#include "fft_plans.hpp"
#include "wavelength_range.hpp"

namespace neve::optics {
namespace {

void check(const Grid& grid, const SpectrogramView& view) {
  if (!(view.gate_fwhm_s >= 2 * grid.dt_s)) {
    refuse("the gate's FWHM (s)", view.gate_fwhm_s, fmt::format("at least two samples, {:g} s", 2 * grid.dt_s));
  }
  if (view.delays < 2) refuse("the number of delays", static_cast<double>(view.delays), "at least 2");
  if (!(view.from_s < view.to_s)) refuse("the first delay (s)", view.from_s, "before the last one");
  require_positive("the shortest wavelength (m)", view.shortest_wavelength_m);
  if (!(view.longest_wavelength_m > view.shortest_wavelength_m)) {
    refuse("the longest wavelength (m)", view.longest_wavelength_m, "beyond the shortest one");
  }
}

std::vector<std::size_t> bins_within(const Grid& grid, const SpectrogramView& view) {
  const double low_hz = kSpeedOfLight / view.longest_wavelength_m;
  const double high_hz = kSpeedOfLight / view.shortest_wavelength_m;
  std::vector<std::size_t> bins;
  for (std::size_t i = 0; i < grid.points; ++i) {
    const double frequency_hz = grid.frequency_hz(grid.ascending_bin(i));
    if (frequency_hz >= low_hz && frequency_hz <= high_hz) bins.push_back(grid.ascending_bin(i));
  }
  if (bins.empty()) refuse_wavelengths(grid, view.shortest_wavelength_m, view.longest_wavelength_m);
  return bins;
}

}  // namespace

Spectrogram spectrogram(const Pulse& pulse, const SpectrogramView& view, const FftPlanner& planner) {
  pulse.check();
  check(pulse.grid, view);
  const Grid& grid = pulse.grid;
  const std::vector<std::size_t> bins = bins_within(grid, view);
  Spectrogram result;
  for (const std::size_t k : bins) result.frequency_hz.push_back(grid.frequency_hz(k));
  result.energy_j_per_hz.reserve(view.delays * bins.size());

  const auto plans = planner.plans(grid.points);
  ComplexArray gated(grid.points);
  ComplexArray spectrum(grid.points);
  // A Gaussian power exp(-4 ln2 t^2 / FWHM^2) has the amplitude exp(-2 ln2 t^2 / FWHM^2).
  const double rate = 2.0 * std::numbers::ln2 / (view.gate_fwhm_s * view.gate_fwhm_s);
  for (std::size_t d = 0; d < view.delays; ++d) {
    const double fraction = static_cast<double>(d) / static_cast<double>(view.delays - 1);
    const double delay_s = view.from_s + (view.to_s - view.from_s) * fraction;
    for (std::size_t j = 0; j < grid.points; ++j) {
      const double apart_s = grid.time_s(j) - delay_s;
      gated[j] = pulse.field[j] * std::exp(-rate * apart_s * apart_s);
    }
    plans->to_frequency(gated.data(), spectrum.data());
    result.delay_s.push_back(delay_s);
    for (const std::size_t k : bins) {
      result.energy_j_per_hz.push_back(std::norm(spectrum[k]) * grid.dt_s * grid.dt_s);
    }
  }
  return result;
}

}  // namespace neve::optics
