#include <neve/optics/diagnostics.hpp>

#include <algorithm>

#include <neve/optics/width.hpp>

#include "edges.hpp"
#include "transform.hpp"

namespace neve::optics {

std::vector<double> power_w(const Pulse& pulse) {
  std::vector<double> power(pulse.field.size());
  std::transform(pulse.field.begin(), pulse.field.end(), power.begin(), [](Complex a) { return std::norm(a); });
  return power;
}

std::vector<double> times_s(const Grid& grid) {
  std::vector<double> times(grid.points);
  for (std::size_t j = 0; j < grid.points; ++j) times[j] = grid.time_s(j);
  return times;
}

double energy_j(const Pulse& pulse) {
  double sum = 0;
  for (const Complex& a : pulse.field) sum += std::norm(a);
  return sum * pulse.grid.dt_s;
}

double peak_power_w(const Pulse& pulse) {
  double peak = 0;
  for (const Complex& a : pulse.field) peak = std::max(peak, std::norm(a));
  return peak;
}

double fwhm_s(const Pulse& pulse) { return full_width_half_maximum(times_s(pulse.grid), power_w(pulse)); }

double rms_duration_s(const Pulse& pulse) { return rms_width(times_s(pulse.grid), power_w(pulse)); }

double time_edge_fraction(const Pulse& pulse) { return share_near(pulse.field, 0); }

double spectrum_edge_fraction(const Pulse& pulse, const FftPlanner& planner) {
  return share_near(to_spectrum(pulse, planner), pulse.grid.points / 2);
}

double photon_number(const Pulse& pulse, const FftPlanner& planner) {
  const FrequencySpectrum spectrum = frequency_spectrum(pulse, planner);
  double photons = 0;
  for (std::size_t i = 0; i < spectrum.frequency_hz.size(); ++i) {
    photons += spectrum.energy_j_per_hz[i] / (kPlanck * spectrum.frequency_hz[i]);
  }
  return photons * pulse.grid.frequency_step_hz();
}

FrequencySpectrum frequency_spectrum(const Pulse& pulse, const FftPlanner& planner) {
  pulse.check();
  const Grid& grid = pulse.grid;
  const ComplexArray a = to_spectrum(pulse, planner);
  const double window_s = grid.window_s();
  FrequencySpectrum spectrum;
  spectrum.frequency_hz.reserve(grid.points);
  spectrum.energy_j_per_hz.reserve(grid.points);
  for (std::size_t i = 0; i < grid.points; ++i) {
    const std::size_t k = grid.ascending_bin(i);
    if (grid.frequency_hz(k) <= 0) continue;
    spectrum.frequency_hz.push_back(grid.frequency_hz(k));
    spectrum.energy_j_per_hz.push_back(std::norm(a[k]) * window_s * window_s);
  }
  return spectrum;
}

WavelengthSpectrum wavelength_spectrum(const FrequencySpectrum& spectrum) {
  const std::size_t n = spectrum.frequency_hz.size();
  WavelengthSpectrum result{std::vector<double>(n), std::vector<double>(n)};
  for (std::size_t i = 0; i < n; ++i) {
    const double frequency_hz = spectrum.frequency_hz[n - 1 - i];
    result.wavelength_m[i] = kSpeedOfLight / frequency_hz;
    result.energy_j_per_m[i] = spectrum.energy_j_per_hz[n - 1 - i] * frequency_hz * frequency_hz / kSpeedOfLight;
  }
  return result;
}

}  // namespace neve::optics
