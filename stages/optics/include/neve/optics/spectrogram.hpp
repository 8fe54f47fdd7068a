#pragma once

#include <cstddef>
#include <vector>

#include <neve/optics/fft_planner.hpp>
#include <neve/optics/pulse.hpp>

namespace neve::optics {

/// Which part of the time-frequency plane to look at, and through which gate.
struct SpectrogramView {
  double gate_fwhm_s = 0;    ///< of the Gaussian gate's power; short resolves time, long resolves frequency
  std::size_t delays = 256;  ///< at least 2, evenly spaced from `from_s` to `to_s`, ends included
  double from_s = 0;
  double to_s = 0;
  double shortest_wavelength_m = 0;  ///< frequencies outside the two wavelengths are left out
  double longest_wavelength_m = 0;
};

/// Gated spectra, as a cross-correlation FROG with a clean gate would show them.
struct Spectrogram {
  std::vector<double> delay_s;          ///< [delays]
  std::vector<double> frequency_hz;     ///< [frequencies], ascending
  std::vector<double> energy_j_per_hz;  ///< [delays][frequencies], row by row
};

/// S(T, nu) = |integral of A(t) g(t - T) exp(i W t) dt|^2 with a gate g of unit height.
///
/// Errors: `invalid_argument` for a gate shorter than two samples, an empty range, or no frequency of the grid inside.
/// Cost: one FFT a delay. Source: R. Trebino, Frequency-Resolved Optical Gating (2000), ch. 18.
[[nodiscard]] Spectrogram spectrogram(const Pulse& pulse, const SpectrogramView& view, const FftPlanner& planner);

}  // namespace neve::optics
