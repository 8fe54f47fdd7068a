#include <neve/optics/pulse.hpp>

#include <fmt/format.h>

#include "check.hpp"

namespace neve::optics {
namespace {

double amplitude(PulseShape shape, double x) {
  return shape == PulseShape::sech ? 1.0 / std::cosh(x) : std::exp(-0.5 * x * x);
}

double energy_of_unit_power(PulseShape shape, double t0_s) {
  return shape == PulseShape::sech ? 2.0 * t0_s : std::sqrt(std::numbers::pi) * t0_s;
}

double peak_power(const PulseSource& source, double t0_s) {
  if (source.peak_power_w.has_value() == source.energy_j.has_value()) {
    throw Error(ErrorCode::invalid_argument, source.energy_j ? "both peak power and energy are given; give one of them"
                                                             : "neither peak power nor energy is given; give one");
  }
  if (source.peak_power_w) {
    require_positive("the peak power (W)", *source.peak_power_w);
    return *source.peak_power_w;
  }
  require_positive("the pulse energy (J)", *source.energy_j);
  return *source.energy_j / energy_of_unit_power(source.shape, t0_s);
}

void require_room(const Grid& grid, const PulseSource& source, double t0_s) {
  constexpr double kFewestSamples = 4;
  constexpr double kLargestEdgePower = 1e-6;
  if (source.fwhm_s < kFewestSamples * grid.dt_s) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("a pulse of {:g} s spans fewer than four samples of {:g} s; use more points or a shorter "
                            "time window",
                            source.fwhm_s, grid.dt_s));
  }
  const double nearest_edge_s = 0.5 * grid.window_s() - std::abs(source.delay_s);
  if (nearest_edge_s <= 0 || std::pow(amplitude(source.shape, nearest_edge_s / t0_s), 2) > kLargestEdgePower) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("a pulse of {:g} s centred at {:g} s does not fit a time window of {:g} s; widen the window",
                    source.fwhm_s, source.delay_s, grid.window_s()));
  }
}

}  // namespace

void Pulse::check() const {
  grid.check();
  if (field.size() != grid.points) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("the pulse has {} samples on a grid of {} points", field.size(), grid.points));
  }
}

std::string_view to_string(PulseShape shape) noexcept { return shape == PulseShape::sech ? "sech" : "gaussian"; }

double width_parameter_s(PulseShape shape, double fwhm_s) {
  const double ratio =
      shape == PulseShape::sech ? 2.0 * std::log(1.0 + std::numbers::sqrt2) : 2.0 * std::sqrt(std::numbers::ln2);
  return fwhm_s / ratio;
}

Pulse make_pulse(const Grid& grid, const PulseSource& source) {
  grid.check();
  require_positive("the pulse's FWHM (s)", source.fwhm_s);
  require_finite("the chirp", source.chirp);
  require_finite("the delay (s)", source.delay_s);
  const double t0_s = width_parameter_s(source.shape, source.fwhm_s);
  const double scale = std::sqrt(peak_power(source, t0_s));
  require_room(grid, source, t0_s);

  Pulse pulse{grid, std::vector<Complex>(grid.points)};
  for (std::size_t j = 0; j < grid.points; ++j) {
    const double x = (grid.time_s(j) - source.delay_s) / t0_s;
    pulse.field[j] = std::polar(scale * amplitude(source.shape, x), -0.5 * source.chirp * x * x);
  }
  return pulse;
}

}  // namespace neve::optics
