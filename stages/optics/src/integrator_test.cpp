// What the integrator promises beyond physics: order, tolerance, watching, stopping, refusing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "step_control.hpp"
#include "test_fields.hpp"
#include "transform.hpp"

namespace neve::optics {
namespace {

using test::kerr_fiber;
using test::relative_difference;
using test::Soliton;
using testing::HasSubstr;

const FftPlanner kPlanner;

Fiber soliton_fiber(double periods) { return kerr_fiber(periods * Soliton::kPeriod, Soliton::kBeta2, Soliton::kGamma); }

/// An N = 2 soliton with everything switched on.
Fiber full_fiber() {
  Fiber fiber = soliton_fiber(0.5);
  fiber.betas.push_back(1e-41);
  fiber.self_steepening = true;
  fiber.raman = RamanResponse{};
  fiber.loss_db_per_m = 0.5;
  return fiber;
}

// Halving the step divides the global error of a fourth-order method by 16. Tolerance: 2^3.7 to 2^4.3 while the error
// is far above rounding; the reference has eight times as many steps.
TEST(Integrator, ErrorFallsWithTheFourthPowerOfTheStep) {
  const Pulse start = Soliton::make(2, 512, 40);
  const Fiber fiber = full_fiber();
  const auto at = [&](std::size_t steps) { return propagate(start, fiber, kPlanner, {.steps = steps}).pulse.field; };
  const auto reference = at(6400);
  const double coarse = relative_difference(at(200), reference);
  const double middle = relative_difference(at(400), reference);
  const double fine = relative_difference(at(800), reference);
  EXPECT_NEAR(std::log2(coarse / middle), 4.0, 0.3);
  EXPECT_NEAR(std::log2(middle / fine), 4.0, 0.3);
}

// The controlled error is of third order, h^4 a step: for tolerances a factor 100 apart the steps differ by 100^(1/4)
// = 3.2 and the fourth-order result by about 100. Asserted: at least 20.
TEST(Integrator, TighterToleranceGivesAProportionallyBetterResult) {
  const Pulse start = Soliton::make(2, 512, 40);
  const Fiber fiber = full_fiber();
  const auto at = [&](double tolerance) { return propagate(start, fiber, kPlanner, {.tolerance = tolerance}); };
  const auto reference = at(1e-12);
  const double loose = relative_difference(at(1e-6).pulse.field, reference.pulse.field);
  const double tight = relative_difference(at(1e-8).pulse.field, reference.pulse.field);
  EXPECT_GT(loose / tight, 20);
  EXPECT_LT(tight, 1e-5);
}

// A weak pulse that spreads within a hundredth of the fibre: nearly all that the nonlinearity does to it happens at the
// beginning, and a single step for the whole fibre would do it everywhere. Its effect on the field is 1.5e-3; the
// reference has steps of a twentieth of the dispersion length. Asserted: 1e-5, as for a strong pulse above.
TEST(Integrator, ToleranceHoldsWhereDispersionIsFasterThanTheNonlinearity) {
  const Grid grid = Grid::make(2048, 40e-12, 1550e-9);
  const Pulse start = make_pulse(grid, {.fwhm_s = 100e-15, .peak_power_w = 1});
  const Fiber fiber = kerr_fiber(10, 20e-27, 0.002);
  const auto reference = propagate(start, fiber, kPlanner, {.steps = 1250});
  const auto end = propagate(start, fiber, kPlanner, {.tolerance = 1e-6});
  EXPECT_LT(relative_difference(end.pulse.field, reference.pulse.field), 1e-5);
}

// Two waves make a third at twice the distance in frequency, and where it is out of phase what is made in one half of a
// beat is undone in the other. To first order in the signal its power is (gamma P)^2 P_s (sin(k z/2) / (k/2))^2 with
// k = beta2 W^2 + 2 gamma P: Agrawal, Nonlinear Fiber Optics, 10.2. Ten beats in a fibre where nonlinearity turns the
// pump's phase by 0.04. Tolerance: the idler is 1e-5 of the field, and the local error asked for is 1e-8.
TEST(Integrator, AnIdlerOutOfPhaseIsAsWeakAsItShouldBe) {
  constexpr std::size_t kPoints = 256;
  constexpr std::size_t kOffset = 20;
  constexpr double kPump = 1, kSignal = 1e-4, kBeta2 = 20e-27, kGamma = 0.002, kLength = 20;
  Pulse start{Grid::make(kPoints, 10e-12, 1550e-9), std::vector<Complex>(kPoints)};
  const double offset = start.grid.offset_rad_per_s(kOffset);
  for (std::size_t j = 0; j < kPoints; ++j) {
    const double phase = -offset * static_cast<double>(j) * start.grid.dt_s;
    start.field[j] = std::sqrt(kPump) + std::polar(std::sqrt(kSignal), phase);
  }
  const auto idler_at = [&](double tolerance) {
    const auto end = propagate(start, kerr_fiber(kLength, kBeta2, kGamma), kPlanner, {.tolerance = tolerance});
    return std::norm(to_spectrum(end.pulse, kPlanner)[kPoints - kOffset]);
  };
  const double half_mismatch = 0.5 * (kBeta2 * offset * offset + 2 * kGamma * kPump);
  const double expected = kSignal * std::pow(kGamma * kPump * std::sin(half_mismatch * kLength) / half_mismatch, 2);
  EXPECT_NEAR(idler_at(1e-8) / expected, 1, 0.01);
  // All of the fibre in one step would see the third wave after ten whole beats, as if there were none: -68 dB.
  EXPECT_LT(idler_at(1e-6), 1e-10) << "1e-5 of the field";
}

TEST(StepControl, LetsNoStepStandWhoseErrorIsAboveTheTolerance) {
  StepControl control(1, 1, {.tolerance = 1e-6});
  const double first_m = control.step_from(0);
  EXPECT_EQ(first_m, 1);
  EXPECT_FALSE(control.accepts(first_m, 1.01e-6));
  const double second_m = control.step_from(0);
  EXPECT_LT(second_m, first_m);
  EXPECT_FALSE(control.accepts(second_m, std::nan("")));
  const double third_m = control.step_from(0);
  EXPECT_LT(third_m, second_m);
  EXPECT_TRUE(control.accepts(third_m, 1e-6));
}

// No step may have more error than was asked for, and none need have much less: seen from outside by what remains of
// the global error, which is the sum of some 80 local ones of at most 1e-6 each that partly cancel. Measured 1.1e-5.
TEST(Integrator, GlobalErrorIsThatOfTheTolerance) {
  const Pulse start = Soliton::make(2, 512, 40);
  const auto reference = propagate(start, full_fiber(), kPlanner, {.tolerance = 1e-12});
  const auto end = propagate(start, full_fiber(), kPlanner, {.tolerance = 1e-6});
  const double error = relative_difference(end.pulse.field, reference.pulse.field);
  EXPECT_LT(error, 3e-5);
  EXPECT_GT(error, 1e-6);
}

// The equation is the same for A / s and gamma s^2, and with s a power of two so is every bit but the exponents. Of an
// absolute error the steps would be others.
TEST(Integrator, ToleranceIsRelativeToTheField) {
  const Pulse start = Soliton::make(2, 512, 40);
  Pulse weak = start;
  for (Complex& a : weak.field) a *= 0x1p-20;
  Fiber fiber = full_fiber();
  const auto strong_end = propagate(start, fiber, kPlanner);
  fiber.gamma_per_w_m *= 0x1p40;
  auto weak_end = propagate(weak, fiber, kPlanner);
  EXPECT_EQ(weak_end.report.steps, strong_end.report.steps);
  for (Complex& a : weak_end.pulse.field) a *= 0x1p20;
  EXPECT_EQ(weak_end.pulse.field, strong_end.pulse.field);
}

// Planes between steps are interpolated; at mid-length they must match a propagation of half the length. Tolerance:
// that of the integrator here, 1e-5 of the field.
TEST(Integrator, SnapshotsAreTheSolutionAtTheirPlanes) {
  const Pulse start = Soliton::make(2, 512, 40);
  const Fiber fiber = full_fiber();
  Fiber half = fiber;
  half.length_m *= 0.5;
  std::vector<double> planes;
  std::vector<std::vector<Complex>> spectra;
  PropagationWatch watch;
  watch.snapshots = 3;
  watch.snapshot = [&](double z_m, std::span<const Complex> spectrum) {
    planes.push_back(z_m);
    spectra.emplace_back(spectrum.begin(), spectrum.end());
  };
  const Stepping stepping{.tolerance = 1e-8};
  (void)propagate(start, fiber, kPlanner, stepping, watch);
  std::vector<std::vector<Complex>> halves;
  watch.snapshot = [&](double, std::span<const Complex> spectrum) {
    halves.emplace_back(spectrum.begin(), spectrum.end());
  };
  (void)propagate(start, half, kPlanner, stepping, watch);

  EXPECT_THAT(planes, testing::ElementsAre(0.0, half.length_m, fiber.length_m));
  EXPECT_LT(relative_difference(spectra[1], halves[2]), 1e-5);
  EXPECT_EQ(spectra[0], halves[0]);
}

TEST(Integrator, WatchingDoesNotChangeTheResult) {
  const Pulse start = Soliton::make(2, 512, 40);
  PropagationWatch watch;
  watch.snapshots = 37;
  watch.snapshot = [](double, std::span<const Complex>) {};
  watch.progress = [](double) {};
  const auto plain = propagate(start, full_fiber(), kPlanner);
  const auto watched = propagate(start, full_fiber(), kPlanner, {}, watch);
  EXPECT_EQ(plain.pulse.field, watched.pulse.field);
}

TEST(Integrator, ProgressRisesToOne) {
  std::vector<double> fractions;
  PropagationWatch watch;
  watch.progress = [&](double fraction) { fractions.push_back(fraction); };
  const auto end = propagate(Soliton::make(1, 256, 40), soliton_fiber(1), kPlanner, {}, watch);
  EXPECT_EQ(fractions.size(), end.report.steps);
  EXPECT_TRUE(std::is_sorted(fractions.begin(), fractions.end()));
  EXPECT_EQ(fractions.back(), 1.0);
}

TEST(Integrator, StopsAtTheNextStepWhenAsked) {
  std::stop_source source;
  std::size_t steps = 0;
  PropagationWatch watch;
  watch.stop = source.get_token();
  watch.progress = [&](double) {
    if (++steps == 3) source.request_stop();
  };
  try {
    (void)propagate(Soliton::make(1, 256, 40), soliton_fiber(100), kPlanner, {}, watch);
    FAIL() << "the propagation was not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
  EXPECT_EQ(steps, 3U);
}

void expect_refusal(const Pulse& pulse, const Fiber& fiber, const Stepping& stepping, const std::string& words) {
  try {
    (void)propagate(pulse, fiber, kPlanner, stepping);
    FAIL() << "nothing was thrown about: " << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr(words));
  }
}

TEST(Integrator, NamesTheInputItRefuses) {
  const Pulse start = Soliton::make(1, 256, 40);
  Fiber fiber = soliton_fiber(1);
  fiber.betas = {-2e-26, std::nan("")};
  expect_refusal(start, fiber, {}, "beta3");
  fiber = soliton_fiber(-1);
  expect_refusal(start, fiber, {}, "length");
  fiber = soliton_fiber(1);
  fiber.raman = RamanResponse{.fraction = 1.5};
  expect_refusal(start, fiber, {}, "Raman fraction");
  expect_refusal(start, soliton_fiber(1), {.tolerance = 0}, "tolerance");
  Pulse shorter = start;
  shorter.field.pop_back();
  expect_refusal(shorter, soliton_fiber(1), {}, "255 samples");
}

// 10 kW with 20 steps of 17 rad of nonlinear phase: each multiplies the field by some thousands until it overflows.
TEST(Integrator, RefusesEqualStepsThatAreTooLongForTheField) {
  Pulse start = Soliton::make(1, 256, 40);
  for (Complex& a : start.field) a *= 100 / std::abs(start.field[128]);
  expect_refusal(start, kerr_fiber(17, Soliton::kBeta2, Soliton::kGamma), {.steps = 20}, "use more steps");
}

TEST(Integrator, GivesUpWithAReasonInsteadOfRunningOn) {
  Pulse start = Soliton::make(1, 256, 40);
  expect_refusal(start, soliton_fiber(10), {.tolerance = 1e-8, .max_steps = 20}, "20 steps");
  start.field[7] = 1e200;  // its power overflows
  expect_refusal(start, soliton_fiber(1), {}, "no step is small enough");
}

}  // namespace
}  // namespace neve::optics
