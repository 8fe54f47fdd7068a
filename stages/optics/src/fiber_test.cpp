// Propagation against closed forms. "Agrawal" is G. P. Agrawal, Nonlinear Fiber Optics, 5th edition.
#include <neve/optics/fiber.hpp>

#include <gtest/gtest.h>

#include <neve/optics/width.hpp>

#include "linear_tables.hpp"
#include "test_fields.hpp"

namespace neve::optics {
namespace {

using test::kerr_fiber;
using test::relative_difference;
using test::Soliton;

const FftPlanner kPlanner;

// Agrawal eq. 5.2.15: u(z, t) = sech(t) exp(i z / 2) in units of T0 and the dispersion length. Tolerance: ten soliton
// periods at a local error of 1e-9 leave a global phase error near 1e-5.
TEST(Fiber, FundamentalSolitonKeepsItsShapeOverTenPeriods) {
  const Pulse start = Soliton::make(1, 256, 40);
  const double length_m = 10 * Soliton::kPeriod;
  const auto end =
      propagate(start, kerr_fiber(length_m, Soliton::kBeta2, Soliton::kGamma), kPlanner, {.tolerance = 1e-9});

  std::vector<Complex> expected = start.field;
  for (Complex& a : expected) a *= std::polar(1.0, 0.5 * length_m / Soliton::kDispersionLength);
  EXPECT_LT(relative_difference(end.pulse.field, expected), 1e-4);
  EXPECT_NEAR(peak_power_w(end.pulse) / peak_power_w(start), 1.0, 1e-5);
}

class HigherOrderSoliton : public testing::TestWithParam<int> {};

// Agrawal sec. 5.2.3: solitons of whole order recur at the soliton period. Tolerance: ten times the 8e-8 that a local
// error of 1e-8 leaves of N = 3. It needs 1024 points: the compressed soliton's spectrum does not fit 512.
TEST_P(HigherOrderSoliton, RecursAtTheSolitonPeriod) {
  const Pulse start = Soliton::make(GetParam(), 1024, 40);
  const auto end =
      propagate(start, kerr_fiber(Soliton::kPeriod, Soliton::kBeta2, Soliton::kGamma), kPlanner, {.tolerance = 1e-8});
  EXPECT_LT(relative_difference(test::magnitudes(end.pulse), test::magnitudes(start)), 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Orders, HigherOrderSoliton, testing::Values(2, 3));

// Agrawal eq. 5.2.23 at t = 0 and a quarter of pi: the N = 2 soliton has four times its initial power half way.
TEST(Fiber, SecondOrderSolitonPeaksHalfWay) {
  const Pulse start = Soliton::make(2, 512, 40);
  const auto middle = propagate(start, kerr_fiber(0.5 * Soliton::kPeriod, Soliton::kBeta2, Soliton::kGamma), kPlanner,
                                {.tolerance = 1e-8});
  EXPECT_NEAR(peak_power_w(middle.pulse) / peak_power_w(start), 4.0, 1e-4);
}

struct Broadening {
  double chirp, beta2_s2_per_m;
};

class GaussianBroadening : public testing::TestWithParam<Broadening> {};

// Agrawal eq. 3.2.19: T1/T0 = sqrt((1 + C b)^2 + b^2), b = beta2 z / T0^2. Linear propagation is one exact step, so the
// RMS width is right to rounding; a Gaussian's RMS width is T1 / sqrt 2.
TEST_P(GaussianBroadening, FollowsTheClosedForm) {
  const auto [chirp, beta2] = GetParam();
  const Pulse start = make_pulse(Grid::make(1024, 4e-12, 1550e-9),
                                 {.shape = PulseShape::gaussian, .fwhm_s = 100e-15, .peak_power_w = 1, .chirp = chirp});
  const double t0_s = width_parameter_s(PulseShape::gaussian, 100e-15);
  const double b = beta2 * 0.2 / (t0_s * t0_s);
  const auto end = propagate(start, kerr_fiber(0.2, beta2, 0), kPlanner);
  const double expected_s = t0_s * std::sqrt((1 + chirp * b) * (1 + chirp * b) + b * b) / std::numbers::sqrt2;
  EXPECT_NEAR(rms_duration_s(end.pulse), expected_s, 1e-9 * expected_s);
  EXPECT_EQ(end.report.steps, 1U);
}

INSTANTIATE_TEST_SUITE_P(Signs, GaussianBroadening,
                         testing::Values(Broadening{0, -20e-27}, Broadening{0, 20e-27}, Broadening{2, -20e-27},
                                         Broadening{2, 20e-27}, Broadening{-2, 20e-27}));

// Agrawal eq. 3.3.11 (D. Marcuse, Appl. Opt. 19, 1653 (1980)) with T0^2 = 2 sigma0^2. Linear, hence exact to rounding.
TEST(Fiber, ThirdOrderDispersionBroadensAsMarcuseFound) {
  const double chirp = 1.5;
  const Pulse start = make_pulse(Grid::make(2048, 8e-12, 1550e-9),
                                 {.shape = PulseShape::gaussian, .fwhm_s = 100e-15, .peak_power_w = 1, .chirp = chirp});
  Fiber fiber = kerr_fiber(0.5, -5e-27, 0);
  fiber.betas.push_back(5e-40);
  const auto end = propagate(start, fiber, kPlanner);
  const double s0 = rms_duration_s(start);
  const double b2 = fiber.betas[0] * fiber.length_m / (2 * s0 * s0);
  const double b3 = fiber.betas[1] * fiber.length_m / (4 * s0 * s0 * s0);
  const double expected_s =
      s0 * std::sqrt(std::pow(1 + chirp * b2, 2) + b2 * b2 + 0.5 * std::pow(1 + chirp * chirp, 2) * b3 * b3);
  EXPECT_NEAR(rms_duration_s(end.pulse), expected_s, 1e-8 * expected_s);
  EXPECT_GT(end.pulse.field.size(), 0U);
}

// beta_m W^m / m! for m = 2 ... 6: the phase of one bin after one metre, against the sum written out. Exact to
// rounding.
TEST(Fiber, EveryOrderOfDispersionEntersWithItsFactorial) {
  const Grid grid = Grid::make(64, 64 * 10e-15, 1e-6);
  Fiber fiber = kerr_fiber(1, 3e-27, 0);
  fiber.betas = {3e-27, -2e-41, 5e-55, 7e-69, -4e-83};
  Pulse tone{grid, std::vector<Complex>(grid.points)};
  const double w = grid.offset_rad_per_s(9);
  for (std::size_t j = 0; j < grid.points; ++j) tone.field[j] = std::polar(1.0, -w * grid.time_s(j));
  const double phase = 3e-27 * w * w / 2 - 2e-41 * std::pow(w, 3) / 6 + 5e-55 * std::pow(w, 4) / 24 +
                       7e-69 * std::pow(w, 5) / 120 - 4e-83 * std::pow(w, 6) / 720;
  const auto end = propagate(tone, fiber, kPlanner);
  for (std::size_t j = 0; j < grid.points; ++j) {
    EXPECT_LT(std::abs(end.pulse.field[j] - tone.field[j] * std::polar(1.0, phase)), 1e-9);
  }
}

class SelfPhaseModulation : public testing::TestWithParam<int> {};

// Agrawal eq. 4.1.14: the spectrum of an unchirped Gaussian has M peaks when the phase shift gamma P0 L is (M - 1/2)
// pi.
TEST_P(SelfPhaseModulation, MakesOnePeakMoreForEveryPi) {
  const int peaks = GetParam();
  const Pulse start = make_pulse(Grid::make(1024, 2e-12, 1e-6),
                                 {.shape = PulseShape::gaussian, .fwhm_s = 100e-15, .peak_power_w = 1000});
  const double gamma = (peaks - 0.5) * std::numbers::pi / 1000;
  const auto end = propagate(start, kerr_fiber(1, 0, gamma), kPlanner);
  const auto density = frequency_spectrum(end.pulse, kPlanner).energy_j_per_hz;
  const double floor = 0.01 * *std::max_element(density.begin(), density.end());
  int found = 0;
  for (std::size_t i = 1; i + 1 < density.size(); ++i) {
    found += static_cast<int>(density[i] > floor && density[i] > density[i - 1] && density[i] >= density[i + 1]);
  }
  EXPECT_EQ(found, peaks);
  // And the power in time is untouched: without dispersion only the phase moves. Tolerance: the local error, summed.
  EXPECT_LT(relative_difference(test::magnitudes(end.pulse), test::magnitudes(start)), 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Peaks, SelfPhaseModulation, testing::Values(2, 3, 4, 6));

// Without dispersion A(L) = A(0) exp(i gamma |A(0)|^2 L) (Agrawal eq. 4.1.4), whatever gamma's sign. Tolerance: the
// local error of 1e-9, summed.
TEST(Fiber, NegativeNonlinearityTurnsThePhaseBack) {
  const Pulse start = make_pulse(Grid::make(1024, 2e-12, 1e-6), {.fwhm_s = 100e-15, .peak_power_w = 1000});
  for (const double gamma : {2e-3, -2e-3}) {
    const auto end = propagate(start, kerr_fiber(1, 0, gamma), kPlanner, {.tolerance = 1e-9});
    std::vector<Complex> expected = start.field;
    for (Complex& a : expected) a *= std::polar(1.0, gamma * std::norm(a));
    EXPECT_LT(relative_difference(end.pulse.field, expected), 1e-7) << gamma;
  }
}

// ps^m/km is 10^(-12 m - 3) s^m/m; beta10 is as much in use as beta2.
TEST(Fiber, BetasComeInPicosecondsPerKilometre) {
  const std::vector<double> si = betas_from_ps_per_km(std::vector<double>{1, -2, 3, 4, 5, 6, 7, 8, 9});
  const std::vector<double> expected{1e-27, -2e-39, 3e-51, 4e-63, 5e-75, 6e-87, 7e-99, 8e-111, 9e-123};
  ASSERT_EQ(si.size(), expected.size());
  for (std::size_t i = 0; i < si.size(); ++i) EXPECT_NEAR(si[i] / expected[i], 1, 1e-12) << "beta" << i + 2;
}

// Agrawal eq. 4.4.5 with 4.4.4: without dispersion the power moves along I(z, t) = I(0, t - 3 gamma tau I z), so the
// top of the pulse is late by 3 gamma tau P0 z. Tolerance: half a sample, the resolution of finding the top.
TEST(Fiber, SelfSteepeningDelaysThePeakByThreeTimesTheShift) {
  const Pulse start = make_pulse(Grid::make(1024, 2e-12, 1e-6),
                                 {.shape = PulseShape::gaussian, .fwhm_s = 200e-15, .peak_power_w = 1000});
  Fiber fiber = kerr_fiber(1, 0, 8e-3);
  fiber.self_steepening = true;
  fiber.shock_time_s = 1e-15;
  const auto end = propagate(start, fiber, kPlanner);
  const auto power = power_w(end.pulse);
  const auto top = static_cast<std::size_t>(std::max_element(power.begin(), power.end()) - power.begin());
  EXPECT_NEAR(end.pulse.grid.time_s(top), 3 * 8e-3 * 1000 * 1e-15, 0.51 * start.grid.dt_s);
  EXPECT_NEAR(power[top], 1000, 1);
}

// J. P. Gordon, Opt. Lett. 11, 662 (1986): a soliton much longer than the response drifts by
// dW/dz = -8 |beta2| T_R / (15 T0^4), where T_R = fraction * 2 tau1^2 tau2 / (tau1^2 + tau2^2) is the first moment of
// the response. Tolerance 5 %: the next term is of order (tau2/T0)^2, and T0 is ten times tau2.
TEST(Fiber, RamanShiftsASolitonAtGordonsRate) {
  const double t0_s = 320e-15;
  const double beta2 = -20e-27;
  const double gamma = 0.002;
  const double dispersion_length_m = t0_s * t0_s / -beta2;
  const double fwhm = 2 * std::log(1 + std::numbers::sqrt2) * t0_s;
  const Pulse start =
      make_pulse(Grid::make(512, 40 * t0_s, 1550e-9), {.fwhm_s = fwhm, .peak_power_w = -beta2 / (gamma * t0_s * t0_s)});
  Fiber fiber = kerr_fiber(2 * dispersion_length_m, beta2, gamma);
  fiber.raman = RamanResponse{};
  const auto end = propagate(start, fiber, kPlanner);
  const auto& raman = *fiber.raman;
  const double response_s = raman.fraction * 2 * raman.tau1_s * raman.tau1_s * raman.tau2_s /
                            (raman.tau1_s * raman.tau1_s + raman.tau2_s * raman.tau2_s);
  const double expected = 8 * beta2 * response_s / (15 * std::pow(t0_s, 4)) * fiber.length_m;
  EXPECT_NEAR(test::mean_offset_rad_per_s(end.pulse, kPlanner), expected, 0.05 * std::abs(expected));
}

// Power falls as 10^(-dB/10). One exact step, so to rounding; together with the Kerr effect, to the local error.
TEST(Fiber, LossTakesTheStatedDecibels) {
  const Pulse start = Soliton::make(1, 256, 40);
  Fiber fiber = kerr_fiber(2, Soliton::kBeta2, 0);
  fiber.loss_db_per_m = 1.5;
  EXPECT_NEAR(energy_j(propagate(start, fiber, kPlanner).pulse) / energy_j(start), std::pow(10, -0.3), 1e-12);
  fiber.gamma_per_w_m = Soliton::kGamma;
  const auto end = propagate(start, fiber, kPlanner);
  EXPECT_NEAR(energy_j(end.pulse) / energy_j(start), std::pow(10, -0.3), 1e-5);
  EXPECT_LT(std::abs(end.report.invariant_drift), 1e-5);
}

// Light at 1500 nm on a carrier of 1550 nm leaves the window of 10 ps after 4.9 m and is back near its middle after
// 10 m, in one exact step: only on the way is it seen at the edge, and there with all it has.
TEST(EdgeFractions, SeeLightThatRunsRoundTheWindowWithinOneStep) {
  const Grid grid = Grid::make(4096, 10e-12, 1550e-9);
  Pulse start = make_pulse(grid, {.shape = PulseShape::gaussian, .fwhm_s = 300e-15, .energy_j = 1e-9});
  const double w = grid.offset_rad_per_s(409);  // 40.9 THz
  for (std::size_t j = 0; j < grid.points; ++j) start.field[j] *= std::polar(1.0, -w * grid.time_s(j));
  for (const double windows : {0.3, 1.0, 1.7}) {  // by which the light is delayed
    const double length_m = windows * 10e-12 / (1e-27 * w);
    const auto end = propagate(start, kerr_fiber(length_m, 1e-27, 0), kPlanner);
    EXPECT_EQ(end.report.steps, 1U);
    EXPECT_LT(time_edge_fraction(end.pulse), 1e-6) << windows;
    if (windows < 0.4) {
      EXPECT_LT(end.report.time_edge_fraction, 1e-6);
    } else {
      EXPECT_GT(end.report.time_edge_fraction, windows < 1.5 ? 0.4 : 0.9) << windows;
    }
  }
}

// The same fibre in many steps, which see it pass.
TEST(EdgeFractions, SeeLightThatWasAtTheEdgeBeforeTheEndOfTheFiber) {
  const Grid grid = Grid::make(1024, 10e-12, 1550e-9);
  Pulse start = make_pulse(grid, {.shape = PulseShape::gaussian, .fwhm_s = 300e-15, .energy_j = 1e-9});
  const double w = grid.offset_rad_per_s(100);
  for (std::size_t j = 0; j < grid.points; ++j) start.field[j] *= std::polar(1.0, -w * grid.time_s(j));
  const auto end = propagate(start, kerr_fiber(10e-12 / (1e-27 * w), 1e-27, 0), kPlanner, {.steps = 50});
  EXPECT_LT(time_edge_fraction(end.pulse), 1e-6);
  EXPECT_GT(end.report.time_edge_fraction, 0.4);
}

// A field of one sample, or of one frequency bin, is at the edge within 2.5 % of the points from where the ends meet,
// and not beyond.
TEST(EdgeFractions, CountTheOuterFivePercentAndNothingElse) {
  const Grid grid = Grid::make(4096, 10e-12, 1550e-9);
  const std::size_t reach = 4096 / 40;  // 102
  const auto single_sample = [&](std::size_t j) {
    Pulse pulse{grid, std::vector<Complex>(grid.points)};
    pulse.field[j] = 3;
    return time_edge_fraction(pulse);
  };
  const auto single_bin = [&](std::size_t k) {
    Pulse pulse{grid, std::vector<Complex>(grid.points)};
    for (std::size_t j = 0; j < grid.points; ++j) {
      pulse.field[j] = std::polar(2.0, -grid.offset_rad_per_s(k) * grid.time_s(j));
    }
    return spectrum_edge_fraction(pulse, kPlanner);
  };
  for (const std::size_t j : {std::size_t{0}, reach, 4096 - reach}) EXPECT_EQ(single_sample(j), 1) << j;
  for (const std::size_t j : {reach + 1, std::size_t{2048}, 4095 - reach}) EXPECT_EQ(single_sample(j), 0) << j;
  for (const std::size_t k : {2048 - reach, std::size_t{2048}, 2048 + reach}) EXPECT_NEAR(single_bin(k), 1, 1e-12) << k;
  for (const std::size_t k : {std::size_t{0}, 2047 - reach, 2049 + reach}) EXPECT_NEAR(single_bin(k), 0, 1e-12) << k;
  const Pulse even{grid, std::vector<Complex>(grid.points, 1.0)};
  EXPECT_NEAR(time_edge_fraction(even), (2 * 102 + 1) / 4096.0, 1e-15);
}

// In front of the fibre, at the end of the only step and of the last of many: what the report says is at least what the
// field itself has, to rounding of Parseval's sum.
TEST(EdgeFractions, OfAFiberAreThoseOfTheFieldInIt) {
  const Grid grid = Grid::make(1024, 10e-12, 1550e-9);
  Pulse even{grid, std::vector<Complex>(grid.points, 1.0)};
  for (std::size_t j = 0; j < grid.points; ++j)
    even.field[j] += 0.1 * std::cos(kTwoPi * 10 * static_cast<double>(j) / 1024);
  for (const std::size_t steps : {1U, 7U}) {
    const auto end = propagate(even, kerr_fiber(1e-3, -20e-27, 0.1), kPlanner, {.steps = steps});
    const double most = std::max(time_edge_fraction(even), time_edge_fraction(end.pulse));
    EXPECT_NEAR(end.report.time_edge_fraction, most, 1e-4 * most);
    const double broadest =
        std::max(spectrum_edge_fraction(even, kPlanner), spectrum_edge_fraction(end.pulse, kPlanner));
    EXPECT_NEAR(end.report.spectrum_edge_fraction, broadest, 1e-9);
  }
}

// The derivative of sum beta_m W^m / m!, written out.
TEST(EdgeFractions, KnowTheDelayOfEveryOrderOfDispersion) {
  const double w = 2e13;
  const double expected = 3e-27 * w - 2e-40 * w * w / 2 + 5e-54 * w * w * w / 6 + 7e-68 * w * w * w * w / 24;
  EXPECT_NEAR(delay_s_per_m({3e-27, -2e-40, 5e-54, 7e-68}, w) / expected, 1, 1e-12);
}

TEST(Fiber, HasNoDriftWhenItsLossLeavesNothing) {
  Fiber fiber = kerr_fiber(10, Soliton::kBeta2, 0);
  fiber.loss_db_per_m = 1000;
  EXPECT_EQ(propagate(Soliton::make(1, 256, 40), fiber, kPlanner).report.invariant_drift, 0);
}

}  // namespace
}  // namespace neve::optics
