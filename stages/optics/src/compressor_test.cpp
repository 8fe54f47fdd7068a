#include <neve/optics/compressor.hpp>

#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "test_fields.hpp"

namespace neve::optics {
namespace {

const FftPlanner kPlanner;

Pulse gaussian(double chirp) {
  return make_pulse(Grid::make(2048, 20e-12, 1030e-9),
                    {.shape = PulseShape::gaussian, .fwhm_s = 1e-12, .energy_j = 1e-9, .chirp = chirp});
}

// A Gaussian of chirp C has its shortest duration, FWHM / sqrt(1 + C^2), at GDD = -C T0^2 / (1 + C^2) (Agrawal,
// Nonlinear Fiber Optics, eq. 3.2.20 and 3.2.21). Tolerances: linear interpolation of the FWHM and of its flat minimum.
TEST(Compressor, BestGddOfAChirpedGaussianIsTheClosedForm) {
  for (const double chirp : {4.0, -4.0}) {
    for (const CompressionGoal goal : {CompressionGoal::shortest, CompressionGoal::highest}) {
      const double t0_s = width_parameter_s(PulseShape::gaussian, 1e-12);
      const double expected = -chirp * t0_s * t0_s / (1 + chirp * chirp);
      const auto best = find_best_gdd({.goal = goal}, gaussian(chirp), kPlanner);
      EXPECT_NEAR(best.compressor.gdd_s2, expected, 0.01 * std::abs(expected)) << to_string(goal) << " " << chirp;
      EXPECT_NEAR(fwhm_s(best.pulse), 1e-12 / std::sqrt(17.0), 2e-3 * 1e-12 / std::sqrt(17.0));
    }
  }
}

// The peak power over the GDD is smooth and flat on top, so finding that to a thousandth of the range's step needs the
// refinement: the closed form lies between two of the 257 values, 0.3 steps from the nearest.
TEST(Compressor, SearchRefinesTheBestOfItsValues) {
  const double t0_s = width_parameter_s(PulseShape::gaussian, 1e-12);
  const double expected = -4 * t0_s * t0_s / 17;
  const double step = 0.01 * t0_s * t0_s;
  const CompressorSearch search{.goal = CompressionGoal::highest,
                                .lowest_gdd_s2 = expected - 100.3 * step,
                                .highest_gdd_s2 = expected + 155.7 * step};
  EXPECT_NEAR(find_best_gdd(search, gaussian(4), kPlanner).compressor.gdd_s2, expected, 1e-3 * step);
}

// A third order that was put on the pulse, and whose opposite the search is told of, leaves the closed form of the GDD
// and of the duration; without it the pulse would be 40 % longer. Tolerances as above.
TEST(Compressor, SearchTakesTheThirdOrderIntoAccount) {
  const double t0_s = width_parameter_s(PulseShape::gaussian, 1e-12);
  const double tod_s3 = 0.05 * t0_s * t0_s * t0_s;
  const Pulse pulse = apply(Compressor{0, tod_s3}, gaussian(4), kPlanner);
  const auto best = find_best_gdd({.tod_s3 = -tod_s3}, pulse, kPlanner);
  const double expected = -4 * t0_s * t0_s / 17;
  EXPECT_NEAR(best.compressor.gdd_s2, expected, 0.01 * std::abs(expected));
  EXPECT_EQ(best.compressor.tod_s3, -tod_s3);
  EXPECT_NEAR(fwhm_s(best.pulse), 1e-12 / std::sqrt(17.0), 2e-3 * 1e-12 / std::sqrt(17.0));
}

TEST(Compressor, SearchStaysInsideTheGivenRange) {
  const auto best = find_best_gdd({.lowest_gdd_s2 = -1e-26, .highest_gdd_s2 = -0.5e-26}, gaussian(4), kPlanner);
  EXPECT_GE(best.compressor.gdd_s2, -1e-26);
  EXPECT_LE(best.compressor.gdd_s2, -0.5e-26);
  EXPECT_THROW((void)find_best_gdd({.lowest_gdd_s2 = -1e-26}, gaussian(4), kPlanner), Error);
  for (const auto& [low, high] : {std::pair<double, double>(-INFINITY, 1e-26), {-1e-26, INFINITY}}) {
    EXPECT_THROW((void)find_best_gdd({.lowest_gdd_s2 = low, .highest_gdd_s2 = high}, gaussian(4), kPlanner), Error);
  }
}

// A fibre of the opposite sign is a compressor: beta2 L + GDD = 0 restores the field. Exact to rounding.
TEST(Compressor, UndoesTheDispersionOfAFiber) {
  const Pulse start = gaussian(0);
  Fiber fiber = test::kerr_fiber(3, 25e-27, 0);
  fiber.betas.push_back(4e-41);
  const Pulse stretched = propagate(start, fiber, kPlanner).pulse;
  const Pulse restored = apply(Compressor{-3 * 25e-27, -3 * 4e-41}, stretched, kPlanner);
  EXPECT_LT(test::relative_difference(restored.field, start.field), 1e-12);
}

// GDD carries light of another colour than the carrier's past the edge, and then in again: the pulse behind looks
// sound.
TEST(Compressor, TellsOfLightThatRanRoundTheTimeWindow) {
  Pulse blue = gaussian(0);
  const double w = blue.grid.offset_rad_per_s(200);
  for (std::size_t j = 0; j < blue.grid.points; ++j) blue.field[j] *= std::polar(1.0, -w * blue.grid.time_s(j));
  for (const double windows : {0.2, 1.0}) {
    const Compressor compressor{windows * blue.grid.window_s() / w, 0};
    EXPECT_LT(time_edge_fraction(apply(compressor, blue, kPlanner)), 1e-4) << windows;
    const double largest = largest_time_edge_fraction(compressor, blue, kPlanner);
    if (windows < 0.5) {
      EXPECT_LT(largest, 1e-4);
    } else {
      EXPECT_GT(largest, 0.3);
    }
  }
}

TEST(Compressor, TransmissionScalesTheEnergy) {
  EXPECT_NEAR(energy_j(apply(Compressor{1e-26, 0, 0.64}, gaussian(0), kPlanner)), 0.64e-9, 1e-18);
}

// Third-order dispersion is the derivative of the second with respect to angular frequency; central difference, 1e-6.
TEST(GratingPair, ThirdOrderIsTheDerivativeOfTheSecond) {
  const GratingPair gratings{.lines_per_m = 600e3, .incidence_rad = 0.4, .separation_m = 0.05};
  const double w = kTwoPi * kSpeedOfLight / 1030e-9;
  const double dw = 1e-4 * w;
  const auto gdd_at = [&](double angular) { return dispersion_of(gratings, kTwoPi * kSpeedOfLight / angular).gdd_s2; };
  const double derivative = (gdd_at(w + dw) - gdd_at(w - dw)) / (2 * dw);
  EXPECT_NEAR(dispersion_of(gratings, 1030e-9).tod_s3, derivative, 1e-6 * derivative);
}

// And the second is the derivative of the group delay 2 G (1 + cos(in - out)) / (c cos out) (Treacy 1969, double pass).
TEST(GratingPair, SecondOrderIsTheDerivativeOfTheGroupDelay) {
  const GratingPair gratings{.lines_per_m = 600e3, .incidence_rad = 0.4, .separation_m = 0.05};
  const auto delay_at = [&](double angular) {
    const double out = std::asin(kTwoPi * kSpeedOfLight / angular * gratings.lines_per_m - std::sin(0.4));
    return 2 * 0.05 * (1 + std::cos(0.4 - out)) / (kSpeedOfLight * std::cos(out));
  };
  const double w = kTwoPi * kSpeedOfLight / 1030e-9;
  const double dw = 1e-4 * w;
  const double derivative = (delay_at(w + dw) - delay_at(w - dw)) / (2 * dw);
  EXPECT_NEAR(dispersion_of(gratings, 1030e-9).gdd_s2, derivative, 1e-6 * std::abs(derivative));
  EXPECT_LT(derivative, 0);
}

TEST(GratingPair, RefusesAnEvanescentOrder) {
  EXPECT_THROW((void)dispersion_of({.lines_per_m = 2400e3, .incidence_rad = 0.1, .separation_m = 0.01}, 1e-6), Error);
}

TEST(GratingPair, RefusesLightFromBehind) {
  EXPECT_THROW((void)dispersion_of({.lines_per_m = 600e3, .incidence_rad = 2, .separation_m = 0.01}, 1e-6), Error);
}

}  // namespace
}  // namespace neve::optics
