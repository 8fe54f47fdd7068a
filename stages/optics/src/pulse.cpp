#include <neve/optics/pulse.hpp>

#include <algorithm>
#include <string>

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

constexpr double kLargestEdgePower = 1e-6;

// The angular frequency, relative to the carrier, where the spectral power falls below kLargestEdgePower of its peak.
// Gaussian: exp(-(W T0)^2 / (1 + C^2)), exactly. Sech: sech^2(pi W T0 / 2) without chirp, and sech^2(W T0 / C) under so
// strong a one that every instant has its own frequency; the root of the sum of squares is right at both ends.
double spectral_edge_rad_per_s(const PulseSource& source, double t0_s) {
  if (source.shape == PulseShape::gaussian) {
    return std::sqrt(-std::log(kLargestEdgePower)) * std::hypot(1.0, source.chirp) / t0_s;
  }
  return std::acosh(1.0 / std::sqrt(kLargestEdgePower)) * std::hypot(2.0 / std::numbers::pi, source.chirp) / t0_s;
}

// Without chirp four samples a pulse are enough, so it is the chirp that does not fit.
void require_room_for_chirp(const Grid& grid, const PulseSource& source, double t0_s) {
  const double needed_rad_per_s = spectral_edge_rad_per_s(source, t0_s);
  const double reach_rad_per_s = std::numbers::pi / grid.dt_s;
  if (needed_rad_per_s <= reach_rad_per_s) return;
  const double needed_points =
      std::exp2(std::ceil(std::log2(static_cast<double>(grid.points)) + std::log2(needed_rad_per_s / reach_rad_per_s)));
  const std::string remedy = needed_points <= static_cast<double>(Grid::kMostPoints)
                                 ? fmt::format("use {:.0f} points, or a smaller chirp", needed_points)
                                 : "use a smaller chirp, or a shorter pulse and time window";
  throw Error(ErrorCode::invalid_argument,
              fmt::format("a chirp of {:g} spreads a pulse of {:g} s over {:.3g} Hz on either side of the carrier, but "
                          "{} points over {:g} s reach only {:.3g} Hz; {}",
                          source.chirp, source.fwhm_s, needed_rad_per_s / kTwoPi, grid.points, grid.window_s(),
                          reach_rad_per_s / kTwoPi, remedy));
}

void require_room(const Grid& grid, const PulseSource& source, double t0_s) {
  constexpr double kFewestSamples = 4;
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
  require_room_for_chirp(grid, source, t0_s);
}

}  // namespace

void Pulse::check() const {
  grid.check();
  if (field.size() != grid.points) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("the pulse has {} samples on a grid of {} points", field.size(), grid.points));
  }
  const auto bad = std::find_if(field.begin(), field.end(),
                                [](const Complex& a) { return !std::isfinite(a.real()) || !std::isfinite(a.imag()); });
  if (bad == field.end()) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("sample {} of the pulse's field is {:g}{:+g}i; all must be finite numbers",
                          bad - field.begin(), bad->real(), bad->imag()));
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
