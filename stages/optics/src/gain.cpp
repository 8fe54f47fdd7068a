#include <neve/optics/gain.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <neve/optics/diagnostics.hpp>

#include "check.hpp"
#include "transform.hpp"

namespace neve::optics {
namespace {

void check(const Amplifier& amplifier) {
  constexpr double kLargestGainDb = 100;
  require_within("the small-signal gain (dB)", amplifier.small_signal_gain_db, 0, kLargestGainDb);
  if (amplifier.saturation_energy_j) require_positive("the saturation energy (J)", *amplifier.saturation_energy_j);
  if (amplifier.center_m) require_positive("the gain line's centre (m)", *amplifier.center_m);
  if (amplifier.bandwidth_m) require_positive("the gain line's width (m)", *amplifier.bandwidth_m);
}

std::vector<double> line(const Amplifier& amplifier, const Grid& grid) {
  std::vector<double> shape(grid.points, 1.0);
  if (!amplifier.bandwidth_m) return shape;
  const double center_m = amplifier.center_m.value_or(grid.wavelength_m);
  const double width_hz = kSpeedOfLight * *amplifier.bandwidth_m / (center_m * center_m);
  for (std::size_t k = 0; k < grid.points; ++k) {
    const double x = 2.0 * (grid.frequency_hz(k) - kSpeedOfLight / center_m) / width_hz;
    shape[k] = 1.0 / (1.0 + x * x);
  }
  return shape;
}

// What is left of g0 at an integrated gain: falls strictly, positive at 0 and negative at g0.
double remaining(double integrated, double g0, const std::vector<double>& energies_in_saturation,
                 const std::vector<double>& shape) {
  double drained = 0;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    drained += energies_in_saturation[k] * std::expm1(integrated * shape[k]) / shape[k];
  }
  return g0 - integrated - drained;
}

double integrated_gain(double g0, const std::vector<double>& energies_in_saturation, const std::vector<double>& shape) {
  double low = 0;
  double high = g0;
  // Bisection: 60 halvings reach the last bit, and the sum is cheap.
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (remaining(middle, g0, energies_in_saturation, shape) > 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

Amplified amplify(const Amplifier& amplifier, const Pulse& pulse, const FftPlanner& planner) {
  check(amplifier);
  pulse.check();
  ComplexArray a = to_spectrum(pulse, planner);
  const std::vector<double> shape = line(amplifier, pulse.grid);
  double integrated = amplifier.small_signal_gain_db * std::numbers::ln10 / 10.0;
  if (amplifier.saturation_energy_j) {
    std::vector<double> energies(a.size());
    const double scale = pulse.grid.window_s() / *amplifier.saturation_energy_j;
    std::transform(a.begin(), a.end(), energies.begin(), [&](Complex x) { return std::norm(x) * scale; });
    integrated = integrated_gain(integrated, energies, shape);
  }
  for (std::size_t k = 0; k < a.size(); ++k) a[k] *= std::exp(0.5 * integrated * shape[k]);

  Amplified result{from_spectrum(pulse.grid, a, planner), 1.0, std::exp(integrated)};
  const double before_j = energy_j(pulse);
  if (before_j > 0) result.energy_gain = energy_j(result.pulse) / before_j;
  return result;
}

}  // namespace neve::optics
