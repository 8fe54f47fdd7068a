// The nonlinear term and one step of the integrator against closed forms and independent sums.
#include "nonlinear_term.hpp"

#include <gtest/gtest.h>

#include <neve/optics/fft_planner.hpp>

#include "interaction_picture.hpp"

namespace neve::optics {
namespace {

const FftPlanner kPlanner;
const Grid kGrid = Grid::make(1024, 5e-12, 835e-9);  // bins of 0.2 THz

Fiber instantaneous(double gamma_per_w_m) {
  Fiber fiber;
  fiber.length_m = 1;
  fiber.gamma_per_w_m = gamma_per_w_m;
  fiber.self_steepening = false;
  fiber.raman.reset();
  return fiber;
}

// K. J. Blow, D. Wood, IEEE J. Quantum Electron. 25, 2665 (1989), eq. 6 and 12: integral of R(t) exp(i W t), by
// Simpson's rule over 40 decay times, good to 1e-9.
Complex blow_wood_response(const RamanResponse& raman, double w_rad_per_s) {
  const auto delayed = [&](double t_s) {
    const double tau1 = raman.tau1_s;
    const double tau2 = raman.tau2_s;
    return (tau1 * tau1 + tau2 * tau2) / (tau1 * tau2 * tau2) * std::exp(-t_s / tau2) * std::sin(t_s / tau1) *
           std::polar(1.0, w_rad_per_s * t_s);
  };
  constexpr int kSteps = 40'000;
  const double step_s = 40 * raman.tau2_s / kSteps;
  Complex sum = delayed(0) + delayed(40 * raman.tau2_s);
  for (int i = 1; i < kSteps; ++i) sum += (i % 2 == 1 ? 4.0 : 2.0) * delayed(i * step_s);
  return (1 - raman.fraction) + raman.fraction * sum * step_s / 3.0;
}

struct Probe {
  double fraction, offset_hz;
};

class RamanProbe : public testing::TestWithParam<Probe> {};

// A strong carrier of 1 sqrt(W) and a weak probe e beside it: |A|^2 = 1 + e^2 + e (exp(-iWt) + c.c.), so A (R * |A|^2)
// has e (1 + e^2) + e R(W) in the probe's bin, without approximation. The resonance of silica is near 13 THz.
TEST_P(RamanProbe, SeesTheResponseOfBlowAndWood) {
  const auto [fraction, offset_hz] = GetParam();
  const auto bin = static_cast<std::size_t>(std::lround(std::abs(offset_hz) / kGrid.frequency_step_hz()));
  const std::size_t k = offset_hz > 0 ? bin : kGrid.points - bin;
  const double weak = 0.01;
  Fiber fiber = instantaneous(1);
  fiber.raman = RamanResponse{.fraction = fraction};
  ComplexArray a(kGrid.points);
  a[0] = 1;
  a[k] = weak;
  NonlinearTerm term(kGrid, fiber, kPlanner.plans(kGrid.points));
  const Complex seen = term.transform(a.data())[k] / (static_cast<double>(kGrid.points) * weak) - (1 + weak * weak);
  const Complex expected = blow_wood_response(*fiber.raman, kGrid.offset_rad_per_s(k));
  EXPECT_NEAR(seen.real(), expected.real(), 1e-8);
  EXPECT_NEAR(seen.imag(), expected.imag(), 1e-8);
}

INSTANTIATE_TEST_SUITE_P(Offsets, RamanProbe,
                         testing::Values(Probe{0.18, 1e12}, Probe{0.18, 5e12}, Probe{0.18, 13e12}, Probe{0.18, 20e12},
                                         Probe{0.18, -13e12}, Probe{1, 5e12}, Probe{1, 13e12}));

// Where 1 + W tau would be negative there is no nonlinearity; elsewhere it is that.
TEST(ShockFactors, EndWhereTheyWouldBeNegative) {
  Fiber fiber = instantaneous(1);
  fiber.self_steepening = true;
  fiber.shock_time_s = 4e-15;  // -1/tau is 40 THz below the carrier, and the grid reaches 102 THz
  const RealArray factors = shock_factors(kGrid, fiber);
  EXPECT_EQ(factors[kGrid.points / 2], 0);
  const std::size_t k = kGrid.points - 100;  // 20 THz below
  EXPECT_DOUBLE_EQ(factors[k], 1 + 4e-15 * kGrid.offset_rad_per_s(k));
  EXPECT_GT(factors[k], 0);
}

// A continuous wave stays in its bin, so a step of the method is one of a single number u' = i gamma |u|^2 u; written
// out here as the two solutions whose difference is the error: S. Balac, F. Mahe, Comput. Phys. Commun. 184, 1211
// (2013), eq. 20 and 21. Exact to rounding.
TEST(InteractionPicture, ErrorIsTheDifferenceOfItsTwoSolutionsOverTheField) {
  const double gamma = 0.3;
  const double h = 1.2;
  for (const double amplitude : {1.0, 0.5}) {
    ComplexArray start(kGrid.points);
    start[0] = amplitude;
    InteractionPicture solver(std::move(start), LinearTables(kGrid, instantaneous(gamma)),
                              NonlinearTerm(kGrid, instantaneous(gamma), kPlanner.plans(kGrid.points)));
    const auto slope = [&](Complex u) { return Complex(0, gamma) * std::norm(u) * u; };
    const Complex u = amplitude;
    const Complex k1 = slope(u);
    const Complex k2 = slope(u + 0.5 * h * k1);
    const Complex k3 = slope(u + 0.5 * h * k2);
    const Complex k4 = slope(u + h * k3);
    const Complex fourth_order = u + h / 6 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
    const Complex k5 = slope(fourth_order);
    const Complex third_order = u + h / 30 * (5.0 * k1 + 10.0 * k2 + 10.0 * k3 + 2.0 * k4 + 3.0 * k5);
    const double expected = std::abs(fourth_order - third_order) / std::abs(fourth_order);
    EXPECT_NEAR(solver.attempt(h), expected, 1e-10 * expected) << amplitude;
    solver.accept();
    EXPECT_LT(std::abs(solver.state()[0] - fourth_order), 1e-14);
  }
}

}  // namespace
}  // namespace neve::optics
