#pragma once

#include <string_view>

#include <neve/optics/fft_planner.hpp>
#include <neve/optics/pulse.hpp>

namespace neve::optics {

/// Shapes of a spectral filter's power transmission. The names are written in pipeline files.
enum class FilterShape {
  gaussian,       ///< exp(-ln2 x^2), x = (wavelength - centre) / (FWHM / 2)
  supergaussian,  ///< exp(-ln2 x^(2 order))
  bandpass,       ///< 1 where |x| <= 1, else 0
};

[[nodiscard]] std::string_view to_string(FilterShape shape) noexcept;

/// A filter without phase.
struct Filter {
  FilterShape shape = FilterShape::gaussian;
  double center_m = 0;        ///< wavelength
  double fwhm_m = 0;          ///< of the power transmission, in wavelength
  int order = 2;              ///< of the supergaussian, at least 1
  double transmission = 1.0;  ///< of the power, at the centre
};

/// The filter's power transmission, 0 to `filter.transmission`, at a vacuum wavelength. Checks nothing: `apply` does.
[[nodiscard]] double power_transmission(const Filter& filter, double wavelength_m);

/// The pulse behind the filter. Parts at zero or negative optical frequency are removed.
/// Throws `invalid_argument` for a centre or width that is not positive, or a transmission outside 0 to 1.
[[nodiscard]] Pulse apply(const Filter& filter, const Pulse& pulse, const FftPlanner& planner);

}  // namespace neve::optics
