#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <neve/optics/grid.hpp>

namespace neve::optics {

/// A light pulse: its complex envelope sampled on a grid.
///
/// `field` is [grid.points] in sqrt(W), so |field|^2 is the instantaneous power in W. See `Grid` for signs. A plain
/// value that owns its samples; safe to read from many threads.
struct Pulse {
  Grid grid;
  std::vector<Complex> field;

  /// Throws `invalid_argument` if the grid is not valid, the field has another length, or a sample (the first is named)
  /// is not finite. Everything that takes a pulse checks it.
  void check() const;
};

/// Shapes a source can have. The names are written in pipeline files, so they are part of the interface.
enum class PulseShape {
  sech,      ///< power P0 sech^2(t/T0), FWHM = 2 ln(1 + sqrt 2) T0
  gaussian,  ///< power P0 exp(-(t/T0)^2), FWHM = 2 sqrt(ln 2) T0
};

[[nodiscard]] std::string_view to_string(PulseShape shape) noexcept;

/// Width parameter T0 (s) of a shape whose power has the given full width at half maximum (s). Proportional to
/// it, and checks nothing: `make_pulse` does.
[[nodiscard]] double width_parameter_s(PulseShape shape, double fwhm_s);

/// What a source emits. Exactly one of `peak_power_w` and `energy_j` is given.
struct PulseSource {
  PulseShape shape = PulseShape::sech;
  double fwhm_s = 0;                     ///< of the power
  std::optional<double> peak_power_w{};  ///< at the centre
  std::optional<double> energy_j{};      ///< of the whole pulse, from the closed form of the shape
  double chirp = 0;                      ///< Agrawal's C: the field is multiplied by exp(-i C t^2 / (2 T0^2))
  double delay_s = 0;                    ///< time of the centre
};

/// The source's pulse on `grid`. With chirp > 0 the frequency rises during the pulse.
///
/// Errors: `invalid_argument` if a value is out of range, if not exactly one of power and energy is given, or if the
///   grid cannot hold the pulse: FWHM below four samples, power above 1e-6 of the peak at the time window's edge, or a
///   chirp that puts spectral power above 1e-6 of the peak at the frequency window's (the message says how many points
///   it takes).
/// Source: G. P. Agrawal, Nonlinear Fiber Optics, 3.2.2 and 3.2.3.
[[nodiscard]] Pulse make_pulse(const Grid& grid, const PulseSource& source);

}  // namespace neve::optics
