#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <neve/optics/diagnostics.hpp>
#include <neve/optics/fiber.hpp>
#include <neve/optics/pulse.hpp>

namespace neve::optics::test {

/// A pure Kerr fibre with second-order dispersion only: the nonlinear Schroedinger equation.
inline Fiber kerr_fiber(double length_m, double beta2_s2_per_m, double gamma_per_w_m) {
  Fiber fiber;
  fiber.length_m = length_m;
  fiber.betas = {beta2_s2_per_m};
  fiber.gamma_per_w_m = gamma_per_w_m;
  fiber.self_steepening = false;
  fiber.raman.reset();
  return fiber;
}

/// |a - b| / |b| in the L2 norm.
inline double relative_difference(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  double difference = 0;
  double norm = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    difference += std::norm(a[i] - b[i]);
    norm += std::norm(b[i]);
  }
  return std::sqrt(difference / norm);
}

/// |A| of every sample, as complex numbers, to compare shapes whatever the phase.
inline std::vector<Complex> magnitudes(const Pulse& pulse) {
  std::vector<Complex> result(pulse.field.size());
  std::transform(pulse.field.begin(), pulse.field.end(), result.begin(), [](Complex a) { return std::abs(a); });
  return result;
}

/// The soliton of order N in units that make its numbers plain: T0 = 50 fs, |beta2| = 20 ps^2/km, gamma = 0.002 /(W m).
struct Soliton {
  static constexpr double kT0 = 50e-15;
  static constexpr double kBeta2 = -20e-27;
  static constexpr double kGamma = 0.002;
  static constexpr double kDispersionLength = kT0 * kT0 / 20e-27;                ///< 0.125 m
  static constexpr double kPeriod = 0.5 * std::numbers::pi * kDispersionLength;  ///< Agrawal eq. 5.2.24

  [[nodiscard]] static Pulse make(double order, std::size_t points, double window_in_t0) {
    const double power_w = order * order * 20e-27 / (kGamma * kT0 * kT0);
    const double fwhm_s = 2.0 * std::log(1.0 + std::numbers::sqrt2) * kT0;
    return make_pulse(Grid::make(points, window_in_t0 * kT0, 1550e-9), {.fwhm_s = fwhm_s, .peak_power_w = power_w});
  }
};

/// Mean frequency offset under the spectrum, in rad/s.
inline double mean_offset_rad_per_s(const Pulse& pulse, const FftPlanner& planner) {
  const FrequencySpectrum spectrum = frequency_spectrum(pulse, planner);
  double weight = 0;
  double sum = 0;
  for (std::size_t i = 0; i < spectrum.frequency_hz.size(); ++i) {
    weight += spectrum.energy_j_per_hz[i];
    sum += spectrum.energy_j_per_hz[i] * spectrum.frequency_hz[i];
  }
  return kTwoPi * (sum / weight - pulse.grid.carrier_hz());
}

}  // namespace neve::optics::test
