#pragma once

#include <optional>
#include <tuple>
#include <vector>

#include <neve/key/config.hpp>
#include <neve/optics/compressor.hpp>
#include <neve/optics/filter.hpp>
#include <neve/optics/pulse.hpp>

/// The settings of the stages, as pipeline files spell them; `neve stages NAME` prints them. All are SI units but the
/// dispersion, which keeps the units it is published in. Plain values.
namespace neve::optics {

/// What share of the light may be at the edge of the time or of the frequency window before a stage fails. A window
/// that light fills evenly has 0.05 there; with 0.01 at least 10 % of the field is on the wrong side.
inline constexpr double kLargestEdgeFraction = 0.01;

/// `optics.pulse`: the grid, and the pulse that starts on it. Give one of `peak_power_w` and `energy_j`.
struct PulseConfig {
  PulseShape shape = PulseShape::sech;
  double fwhm_s = 100e-15;
  std::optional<double> peak_power_w{};
  std::optional<double> energy_j{};
  double chirp = 0;
  double delay_s = 0;
  double wavelength_m = 1550e-9;
  std::size_t points = 4096;
  double window_s = 10e-12;

  static FieldList<PulseConfig> fields();
};

/// `optics.fiber`
struct FiberConfig {
  double length_m = 1;
  std::vector<double> betas_ps_per_km{};
  double gamma_per_w_m = 0;
  double loss_db_per_m = 0;
  bool self_steepening = true;
  std::optional<double> shock_time_s{};
  double raman_fraction = 0.18;
  double raman_tau1_s = 12.2e-15;
  double raman_tau2_s = 32e-15;
  double tolerance = 1e-6;
  std::size_t planes = 200;
  double largest_edge_fraction = kLargestEdgeFraction;

  static FieldList<FiberConfig> fields();
};

/// `optics.gain`
struct GainConfig {
  double small_signal_gain_db = 0;
  std::optional<double> saturation_energy_j{};
  std::optional<double> center_m{};
  std::optional<double> bandwidth_m{};
  double largest_edge_fraction = kLargestEdgeFraction;

  static FieldList<GainConfig> fields();
};

/// `optics.filter`
struct FilterConfig {
  FilterShape shape = FilterShape::gaussian;
  double center_m = 1550e-9;
  double fwhm_m = 10e-9;
  int order = 2;
  double transmission = 1;
  double largest_edge_fraction = kLargestEdgeFraction;

  static FieldList<FilterConfig> fields();
};

/// How `optics.compressor` comes by its dispersion. The names are written in pipeline files.
enum class CompressorMode {
  fixed,     ///< `gdd_s2` and `tod_s3` as given
  shortest,  ///< the GDD that gives the smallest FWHM, with `tod_s3` as given
  highest,   ///< the GDD that gives the highest peak power, with `tod_s3` as given
  gratings,  ///< the dispersion of a pair of gratings
};

/// `optics.compressor`
struct CompressorConfig {
  CompressorMode mode = CompressorMode::shortest;
  double gdd_s2 = 0;
  double tod_s3 = 0;
  std::optional<double> lowest_gdd_s2{};
  std::optional<double> highest_gdd_s2{};
  double lines_per_m = 600e3;
  double incidence_rad = 0.4;
  double separation_m = 0.01;
  double transmission = 1;
  double largest_edge_fraction = kLargestEdgeFraction;

  static FieldList<CompressorConfig> fields();
};

/// `optics.diagnostics`
struct DiagnosticsConfig {
  double gate_fwhm_s = 100e-15;
  std::size_t delays = 300;
  double range_db = 40;
  std::optional<double> shortest_wavelength_m{};
  std::optional<double> longest_wavelength_m{};

  static FieldList<DiagnosticsConfig> fields();
};

}  // namespace neve::optics
