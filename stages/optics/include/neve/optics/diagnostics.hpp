#pragma once

#include <vector>

#include <neve/optics/fft_planner.hpp>
#include <neve/optics/pulse.hpp>

namespace neve::optics {

/// Instantaneous power in W at every point of the grid, [points].
[[nodiscard]] std::vector<double> power_w(const Pulse& pulse);

/// The instants of the grid's points in s, [points], ascending; 0 is in the middle.
[[nodiscard]] std::vector<double> times_s(const Grid& grid);

/// Energy in J: the sum of |A|^2 dt.
[[nodiscard]] double energy_j(const Pulse& pulse);

/// Highest sample of the power, in W.
[[nodiscard]] double peak_power_w(const Pulse& pulse);

/// Width of the strongest peak at half its power; see `full_width_half_maximum`.
[[nodiscard]] double fwhm_s(const Pulse& pulse);

/// Standard deviation in time under the power.
[[nodiscard]] double rms_duration_s(const Pulse& pulse);

/// Number of photons: the sum over positive optical frequencies of energy over h nu.
[[nodiscard]] double photon_number(const Pulse& pulse, const FftPlanner& planner);

/// Share of the energy in the outer 5 % of the time window, 2.5 % at either end. Light there is about to come in again
/// on the other side, if it has not done so already: a window filled evenly has 0.05.
[[nodiscard]] double time_edge_fraction(const Pulse& pulse);

/// The same in the frequency window, beyond whose ends light is aliased.
[[nodiscard]] double spectrum_edge_fraction(const Pulse& pulse, const FftPlanner& planner);

/// Energy per optical frequency.
struct FrequencySpectrum {
  std::vector<double> frequency_hz;     ///< ascending, positive; evenly spaced
  std::vector<double> energy_j_per_hz;  ///< sums, times the spacing, to the energy
};

/// Energy per vacuum wavelength: the same spectrum times c / lambda^2.
struct WavelengthSpectrum {
  std::vector<double> wavelength_m;    ///< ascending; not evenly spaced
  std::vector<double> energy_j_per_m;  ///< integrates over wavelength to the energy
};

/// The pulse's spectrum at every positive frequency of its grid.
[[nodiscard]] FrequencySpectrum frequency_spectrum(const Pulse& pulse, const FftPlanner& planner);

/// The same spectrum over vacuum wavelength. Computed from the samples alone, without another transform.
[[nodiscard]] WavelengthSpectrum wavelength_spectrum(const FrequencySpectrum& spectrum);

}  // namespace neve::optics
