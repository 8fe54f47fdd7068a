#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/optics/filter.hpp>
#include <neve/optics/gain.hpp>
#include <neve/optics/width.hpp>

#include "test_fields.hpp"

namespace neve::optics {
namespace {

const FftPlanner kPlanner;

Pulse nanojoule(double fwhm_s = 100e-15) {
  return make_pulse(Grid::make(2048, 10e-12, 1550e-9), {.fwhm_s = fwhm_s, .energy_j = 1e-9});
}

// Without saturation and line the field is multiplied by 10^(dB/20): exact to rounding.
TEST(Amplifier, SmallSignalGainIsTheStatedDecibels) {
  const auto out = amplify({.small_signal_gain_db = 20}, nanojoule(), kPlanner);
  EXPECT_NEAR(out.energy_gain, 100, 1e-9);
  EXPECT_NEAR(energy_j(out.pulse), 1e-7, 1e-16);
}

// ln(Eout/Ein) + (Eout - Ein)/Esat = g0 for a flat line (A. E. Siegman, Lasers, eq. 7.47). Exact to rounding.
TEST(Amplifier, FlatLineSaturatesByTheClosedForm) {
  const auto out = amplify({.small_signal_gain_db = 30, .saturation_energy_j = 5e-9}, nanojoule(), kPlanner);
  const double out_j = energy_j(out.pulse);
  EXPECT_NEAR(std::log(out_j / 1e-9) + (out_j - 1e-9) / 5e-9, 3 * std::numbers::ln10, 1e-9);
  EXPECT_LT(out.energy_gain, 30);
}

// The Lorentzian line, unsaturated: each frequency gets exp(g0 L). Checked where L is 1/2, half the FWHM off centre:
// the power gain there is the square root of the centre's. Tolerance: the nearest bin is within 1e-3 of that point.
TEST(Amplifier, LineNarrowsTheGainToItsWidth) {
  const Amplifier amplifier{.small_signal_gain_db = 20, .bandwidth_m = 40e-9};
  const Pulse in = nanojoule(50e-15);
  const auto before = frequency_spectrum(in, kPlanner);
  const auto after = frequency_spectrum(amplify(amplifier, in, kPlanner).pulse, kPlanner);
  const double half_width_hz = 0.5 * kSpeedOfLight * 40e-9 / (1550e-9 * 1550e-9);
  const double bin = (in.grid.carrier_hz() + half_width_hz - before.frequency_hz[0]) / in.grid.frequency_step_hz();
  const auto i = static_cast<std::size_t>(std::lround(bin));
  const double x = (before.frequency_hz[i] - in.grid.carrier_hz()) / half_width_hz;
  const double expected = std::pow(100.0, 1.0 / (1.0 + x * x));
  EXPECT_NEAR(after.energy_j_per_hz[i] / before.energy_j_per_hz[i], expected, 1e-6 * expected);
  EXPECT_NEAR(expected, 10, 1);
}

// A line off the carrier: exp(g0) at its centre, the square root of that half its width away, on either side.
TEST(Amplifier, LineMayBeElsewhereThanTheCarrier) {
  const Amplifier amplifier{.small_signal_gain_db = 20, .center_m = 1530e-9, .bandwidth_m = 20e-9};
  const Pulse in = nanojoule(50e-15);
  const auto before = frequency_spectrum(in, kPlanner);
  const auto after = frequency_spectrum(amplify(amplifier, in, kPlanner).pulse, kPlanner);
  const double center_hz = kSpeedOfLight / 1530e-9;
  const double half_width_hz = 0.5 * kSpeedOfLight * 20e-9 / (1530e-9 * 1530e-9);
  for (const double widths : {-1.0, 0.0, 1.0}) {
    const double bin = (center_hz + widths * half_width_hz - before.frequency_hz[0]) / in.grid.frequency_step_hz();
    const auto i = static_cast<std::size_t>(std::lround(bin));
    const double x = (before.frequency_hz[i] - center_hz) / half_width_hz;
    const double expected = std::pow(100.0, 1.0 / (1.0 + x * x));
    EXPECT_NEAR(after.energy_j_per_hz[i] / before.energy_j_per_hz[i], expected, 1e-6 * expected) << widths;
  }
}

// The saturated line against the differential equation it solves, stepped by the midpoint rule. Tolerance: that of the
// steps.
TEST(Amplifier, SaturatedLineSolvesItsDifferentialEquation) {
  const Amplifier amplifier{.small_signal_gain_db = 25, .saturation_energy_j = 3e-9, .bandwidth_m = 30e-9};
  const Pulse in = nanojoule();
  const auto out = amplify(amplifier, in, kPlanner);
  const auto spectrum = frequency_spectrum(in, kPlanner);
  const double width_hz = kSpeedOfLight * 30e-9 / (1550e-9 * 1550e-9);
  const auto energy_at = [&](double gain) {
    double sum = 0;
    for (std::size_t i = 0; i < spectrum.frequency_hz.size(); ++i) {
      const double x = 2 * (spectrum.frequency_hz[i] - in.grid.carrier_hz()) / width_hz;
      sum += spectrum.energy_j_per_hz[i] * std::exp(gain / (1 + x * x));
    }
    return sum * in.grid.frequency_step_hz();
  };
  constexpr int kSteps = 400;
  const double step = 2.5 * std::numbers::ln10 / kSteps;
  double gain = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double middle = gain + 0.5 * step / (1 + energy_at(gain) / 3e-9);
    gain += step / (1 + energy_at(middle) / 3e-9);
  }
  EXPECT_NEAR(energy_j(out.pulse), energy_at(gain), 1e-4 * energy_at(gain));
  EXPECT_NEAR(std::log(out.line_center_gain), gain, 1e-4);
}

TEST(Amplifier, RefusesNegativeGain) {
  EXPECT_THROW((void)amplify({.small_signal_gain_db = -3}, nanojoule(), kPlanner), Error);
}

class FilterShapes : public testing::TestWithParam<FilterShape> {};

TEST_P(FilterShapes, PassHalfAtHalfTheirWidth) {
  const Filter filter{.shape = GetParam(), .center_m = 1e-6, .fwhm_m = 10e-9, .order = 3, .transmission = 0.8};
  EXPECT_DOUBLE_EQ(power_transmission(filter, 1e-6), 0.8);
  EXPECT_GE(power_transmission(filter, 1e-6 - 4.999e-9), 0.3999);
  EXPECT_LE(power_transmission(filter, 1e-6 + 5.001e-9), 0.4001);
}

// exp(-ln2 x^(2 order)) off the half-width points, at which the order has no say.
TEST(Filter, SupergaussianFallsWithItsOrder) {
  const auto at = [](int order, double x) {
    const Filter filter{.shape = FilterShape::supergaussian, .center_m = 1e-6, .fwhm_m = 10e-9, .order = order};
    return power_transmission(filter, 1e-6 + x * 5e-9);
  };
  EXPECT_NEAR(at(1, 0.5), std::exp2(-0.25), 1e-9);
  EXPECT_NEAR(at(2, 1.5), std::exp2(-5.0625), 1e-9);
  EXPECT_NEAR(at(3, -0.5), std::exp2(-1.0 / 64), 1e-9);
}

// The energy behind the filter is the spectrum before it, weighted by the transmission: exact to rounding.
TEST_P(FilterShapes, LetThroughTheEnergyUnderTheirCurve) {
  const Filter filter{.shape = GetParam(), .center_m = 1560e-9, .fwhm_m = 20e-9, .order = 2};
  const Pulse in = nanojoule();
  const auto spectrum = frequency_spectrum(in, kPlanner);
  double expected_j = 0;
  for (std::size_t i = 0; i < spectrum.frequency_hz.size(); ++i) {
    expected_j += spectrum.energy_j_per_hz[i] * power_transmission(filter, kSpeedOfLight / spectrum.frequency_hz[i]);
  }
  expected_j *= in.grid.frequency_step_hz();
  EXPECT_NEAR(energy_j(apply(filter, in, kPlanner)), expected_j, 1e-9 * expected_j);
  EXPECT_LT(expected_j, 0.9e-9);
}

INSTANTIATE_TEST_SUITE_P(All, FilterShapes,
                         testing::Values(FilterShape::gaussian, FilterShape::supergaussian, FilterShape::bandpass),
                         [](const auto& instance) { return std::string(to_string(instance.param)); });

TEST(Filter, RefusesATransmissionAboveOne) {
  EXPECT_THROW((void)apply({.center_m = 1e-6, .fwhm_m = 1e-8, .transmission = 1.1}, nanojoule(), kPlanner), Error);
}

}  // namespace
}  // namespace neve::optics
