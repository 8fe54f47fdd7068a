#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>

#include <neve/optics/diagnostics.hpp>
#include <neve/pipeline/plot.hpp>

namespace neve::optics {

/// A pulse and the name its curve gets.
struct NamedPulse {
  std::string label;
  const Pulse* pulse;
};

/// Power over time of one or more pulses on one grid, cut to where there is any.
[[nodiscard]] Plot power_plot(std::string title, std::span<const NamedPulse> pulses);

/// What of the spectrum to show; the ends in wavelength are fitted when absent.
struct SpectrumRange {
  double depth_db = 60;
  std::optional<double> shortest_m{};
  std::optional<double> longest_m{};
};

/// Energy per wavelength in dB over the wavelength in nm, of one or more pulses. Throws `invalid_argument` if the range
/// holds none of the grid's wavelengths.
[[nodiscard]] Plot spectrum_plot(std::string title, std::span<const NamedPulse> pulses, const SpectrumRange& range,
                                 const FftPlanner& planner);

/// Gated spectra in dB over delay and wavelength; fitted ends of both leave room for the gate.
[[nodiscard]] Plot spectrogram_plot(const Pulse& pulse, double gate_fwhm_s, std::size_t delays,
                                    const SpectrumRange& range, const FftPlanner& planner);

/// The wavelengths between which the brightest of `spectra` is within `range.depth_db` of the maximum, or as given.
[[nodiscard]] std::pair<double, double> shown_wavelengths_m(std::span<const WavelengthSpectrum> spectra,
                                                            const SpectrumRange& range);

}  // namespace neve::optics
