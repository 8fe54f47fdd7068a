#include <neve/optics/compressor.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <neve/optics/diagnostics.hpp>

#include "check.hpp"
#include "edges.hpp"
#include "transform.hpp"

namespace neve::optics {
namespace {

void multiply_phase(ComplexArray& a, const Grid& grid, const Compressor& compressor) {
  const double amplitude = std::sqrt(compressor.transmission);
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double w = grid.offset_rad_per_s(k);
    a[k] *= std::polar(amplitude, w * w * (0.5 * compressor.gdd_s2 + w * compressor.tod_s3 / 6.0));
  }
}

void check(const Compressor& compressor) {
  require_finite("the GDD (s^2)", compressor.gdd_s2);
  require_finite("the TOD (s^3)", compressor.tod_s3);
  require_within("the compressor's transmission", compressor.transmission, 0, 1);
}

/// One pulse under many values of GDD.
class Trial {
 public:
  Trial(const CompressorSearch& search, const Pulse& pulse, const FftPlanner& planner)
      : search_(search), grid_(pulse.grid), planner_(planner), spectrum_(to_spectrum(pulse, planner)) {}

  [[nodiscard]] Pulse compressed(double gdd_s2) const {
    ComplexArray a = spectrum_;
    multiply_phase(a, grid_, {gdd_s2, search_.tod_s3, search_.transmission});
    return from_spectrum(grid_, a, planner_);
  }

  /// Smaller is better.
  [[nodiscard]] double badness(double gdd_s2) const {
    const Pulse pulse = compressed(gdd_s2);
    return search_.goal == CompressionGoal::shortest ? fwhm_s(pulse) : -peak_power_w(pulse);
  }

 private:
  const CompressorSearch& search_;
  const Grid& grid_;
  const FftPlanner& planner_;
  ComplexArray spectrum_;
};

struct Moments {
  double variance_t = 0, variance_w = 0, covariance = 0;
};

// Of time and frequency under the pulse; i dA/dt is the field whose product with A* weighs by the frequency.
Moments moments(const Pulse& pulse, const FftPlanner& planner) {
  ComplexArray a = to_spectrum(pulse, planner);
  for (std::size_t k = 0; k < a.size(); ++k) a[k] *= pulse.grid.offset_rad_per_s(k);
  const Pulse weighted = from_spectrum(pulse.grid, a, planner);
  double all = 0, t = 0, tt = 0, w = 0, ww = 0, tw = 0;
  for (std::size_t j = 0; j < pulse.field.size(); ++j) {
    const double time_s = pulse.grid.time_s(j);
    const double power = std::norm(pulse.field[j]);
    const double flow = (std::conj(pulse.field[j]) * weighted.field[j]).real();
    all += power;
    t += time_s * power;
    tt += time_s * time_s * power;
    w += flow;
    ww += std::norm(weighted.field[j]);
    tw += time_s * flow;
  }
  if (!(all > 0)) return {};
  return {tt / all - t * t / (all * all), ww / all - w * w / (all * all), tw / all - t * w / (all * all)};
}

// The GDD that makes the RMS duration smallest is -cov(t, W)/var(W); the best by another measure is within a few
// widths.
std::pair<double, double> range_of(const CompressorSearch& search, const Pulse& pulse, const FftPlanner& planner) {
  if (search.lowest_gdd_s2.has_value() != search.highest_gdd_s2.has_value()) {
    throw Error(ErrorCode::invalid_argument, "only one end of the GDD range is given; give both or neither");
  }
  if (search.lowest_gdd_s2) {
    require_finite("the lowest GDD (s^2)", *search.lowest_gdd_s2);
    require_finite("the highest GDD (s^2)", *search.highest_gdd_s2);
    if (!(*search.lowest_gdd_s2 < *search.highest_gdd_s2)) {
      refuse("the lowest GDD (s^2)", *search.lowest_gdd_s2, "below the highest one");
    }
    return {*search.lowest_gdd_s2, *search.highest_gdd_s2};
  }
  const Moments m = moments(pulse, planner);
  if (!(m.variance_w > 0)) return {-pulse.grid.dt_s * pulse.grid.dt_s, pulse.grid.dt_s * pulse.grid.dt_s};
  constexpr double kWidths = 3;
  const double center = -m.covariance / m.variance_w;
  const double reach = kWidths * std::sqrt(std::max(m.variance_t, 0.0) / m.variance_w);
  return {center - reach, center + reach};
}

double golden_section(const Trial& trial, double low, double high, int halvings) {
  constexpr double kGolden = 0.6180339887498949;
  double left = high - kGolden * (high - low);
  double right = low + kGolden * (high - low);
  double at_left = trial.badness(left);
  double at_right = trial.badness(right);
  for (int i = 0; i < halvings; ++i) {
    if (at_left <= at_right) {
      high = std::exchange(right, left);
      at_right = at_left;
      left = high - kGolden * (high - low);
      at_left = trial.badness(left);
    } else {
      low = std::exchange(left, right);
      at_left = at_right;
      right = low + kGolden * (high - low);
      at_right = trial.badness(right);
    }
  }
  return 0.5 * (low + high);
}

}  // namespace

std::string_view to_string(CompressionGoal goal) noexcept {
  return goal == CompressionGoal::shortest ? "shortest" : "highest";
}

Compressor dispersion_of(const GratingPair& gratings, double wavelength_m) {
  constexpr double kRightAngle = 0.5 * std::numbers::pi;
  require_positive("the grating's lines per metre", gratings.lines_per_m);
  require_positive("the gratings' separation (m)", gratings.separation_m);
  require_positive("the wavelength (m)", wavelength_m);
  require_within("the angle of incidence (rad)", gratings.incidence_rad, -kRightAngle, kRightAngle);
  const double period_m = 1.0 / gratings.lines_per_m;
  const double sine_in = std::sin(gratings.incidence_rad);
  const double sine_out = wavelength_m / period_m - sine_in;
  const double cosine_squared = 1.0 - sine_out * sine_out;
  if (!(cosine_squared > 0)) refuse("the sine of the diffracted angle", sine_out, "between -1 and 1");
  const double gdd_s2 =
      -gratings.separation_m * std::pow(wavelength_m, 3) /
      (std::numbers::pi * kSpeedOfLight * kSpeedOfLight * period_m * period_m * std::pow(cosine_squared, 1.5));
  const double tod_s3 = -gdd_s2 * 3.0 * wavelength_m / (kTwoPi * kSpeedOfLight) *
                        (1.0 + wavelength_m / period_m * sine_out / cosine_squared);
  return {gdd_s2, tod_s3, gratings.transmission};
}

Pulse apply(const Compressor& compressor, const Pulse& pulse, const FftPlanner& planner) {
  check(compressor);
  pulse.check();
  ComplexArray a = to_spectrum(pulse, planner);
  multiply_phase(a, pulse.grid, compressor);
  return from_spectrum(pulse.grid, a, planner);
}

double largest_time_edge_fraction(const Compressor& compressor, const Pulse& pulse, const FftPlanner& planner) {
  check(compressor);
  pulse.check();
  const ComplexArray spectrum = to_spectrum(pulse, planner);
  RealArray delays_s(spectrum.size());
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    const double w = pulse.grid.offset_rad_per_s(k);
    delays_s[k] = w * (compressor.gdd_s2 + 0.5 * w * compressor.tod_s3);
  }
  const Drift drift = drift_of(spectrum, delays_s, 1, pulse.grid.window_s());
  double largest = std::max(time_edge_fraction(pulse), drift.lost);
  for (std::size_t look = 1; look <= drift.looks; ++look) {
    const double part = static_cast<double>(look) / static_cast<double>(drift.looks);
    ComplexArray a = spectrum;
    multiply_phase(a, pulse.grid, {part * compressor.gdd_s2, part * compressor.tod_s3});
    largest = std::max(largest, time_edge_fraction(from_spectrum(pulse.grid, a, planner)));
  }
  return largest;
}

Compressed find_best_gdd(const CompressorSearch& search, const Pulse& pulse, const FftPlanner& planner) {
  pulse.check();
  check(Compressor{0, search.tod_s3, search.transmission});
  const auto [low, high] = range_of(search, pulse, planner);
  const Trial trial(search, pulse, planner);
  constexpr int kIntervals = 256;
  const double step = (high - low) / kIntervals;
  double best = low;
  double best_badness = trial.badness(low);
  for (int i = 1; i <= kIntervals; ++i) {
    const double gdd_s2 = low + i * step;
    const double badness = trial.badness(gdd_s2);
    if (badness < best_badness) {
      best_badness = badness;
      best = gdd_s2;
    }
  }
  constexpr int kRefinements = 20;  // two steps times 0.618^20 is 1.3e-4 of one
  const double refined = golden_section(trial, std::max(low, best - step), std::min(high, best + step), kRefinements);
  if (trial.badness(refined) < best_badness) best = refined;
  return {{best, search.tod_s3, search.transmission}, trial.compressed(best)};
}

}  // namespace neve::optics
