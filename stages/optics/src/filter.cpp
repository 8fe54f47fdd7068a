#include <neve/optics/filter.hpp>

#include "check.hpp"
#include "transform.hpp"

namespace neve::optics {
namespace {

void check(const Filter& filter) {
  require_positive("the filter's centre (m)", filter.center_m);
  require_positive("the filter's FWHM (m)", filter.fwhm_m);
  require_within("the filter's transmission", filter.transmission, 0, 1);
  require_within("the supergaussian's order", filter.order, 1, 1000);
}

}  // namespace

std::string_view to_string(FilterShape shape) noexcept {
  switch (shape) {
    case FilterShape::gaussian:
      return "gaussian";
    case FilterShape::supergaussian:
      return "supergaussian";
    case FilterShape::bandpass:
      return "bandpass";
  }
  return "unknown";
}

double power_transmission(const Filter& filter, double wavelength_m) {
  const double x = std::abs(wavelength_m - filter.center_m) / (0.5 * filter.fwhm_m);
  switch (filter.shape) {
    case FilterShape::gaussian:
      return filter.transmission * std::exp(-std::numbers::ln2 * x * x);
    case FilterShape::supergaussian:
      return filter.transmission * std::exp(-std::numbers::ln2 * std::pow(x, 2.0 * filter.order));
    case FilterShape::bandpass:
      return x <= 1 ? filter.transmission : 0.0;
  }
  return 0;
}

Pulse apply(const Filter& filter, const Pulse& pulse, const FftPlanner& planner) {
  check(filter);
  pulse.check();
  ComplexArray a = to_spectrum(pulse, planner);
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double frequency_hz = pulse.grid.frequency_hz(k);
    a[k] *= frequency_hz > 0 ? std::sqrt(power_transmission(filter, kSpeedOfLight / frequency_hz)) : 0.0;
  }
  return from_spectrum(pulse.grid, a, planner);
}

}  // namespace neve::optics
