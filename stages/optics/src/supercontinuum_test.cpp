#include <gtest/gtest.h>

#include "test_fields.hpp"

namespace neve::optics {
namespace {

const FftPlanner kPlanner;

/// The photonic-crystal fibre of J. M. Dudley, G. Genty, S. Coen, Rev. Mod. Phys. 78, 1135 (2006), fig. 3 and its
/// pulse.
struct PhotonicCrystalFiber {
  Pulse pulse = make_pulse(Grid::make(4096, 6.25e-12, 835e-9), {.fwhm_s = 50e-15, .peak_power_w = 10e3});
  Fiber fiber;

  explicit PhotonicCrystalFiber(double length_m) {
    const std::vector<double> betas{-11.830,    8.1038e-2,   -9.5205e-5, 2.0737e-7,  -5.3943e-10,
                                    1.3486e-12, -2.5495e-15, 3.0524e-18, -1.7140e-21};
    fiber.length_m = length_m;
    fiber.betas = betas_from_ps_per_km(betas);
    fiber.gamma_per_w_m = 0.11;
  }
};

// The equation conserves the photon number when tau = 1/w0 (K. J. Blow, D. Wood, IEEE J. Quantum Electron. 25, 2665
// (1989), eq. 11), with and without Raman. What is left is the integrator's: below 1e-5 at this tolerance through the
// fission.
TEST(Conservation, PhotonNumberSurvivesSelfSteepeningAndRaman) {
  PhotonicCrystalFiber system(0.012);
  for (const bool raman : {true, false}) {
    if (!raman) system.fiber.raman.reset();
    const auto end = propagate(system.pulse, system.fiber, kPlanner, {.tolerance = 1e-7});
    const double ratio = photon_number(end.pulse, kPlanner) / photon_number(system.pulse, kPlanner);
    EXPECT_NEAR(ratio, 1.0, 1e-5) << "Raman " << raman;
    EXPECT_NEAR(end.report.invariant_drift, ratio - 1.0, 1e-12) << "Raman " << raman;
  }
}

// With self-steepening and Raman photons lose energy to the glass, so the energy is not what is conserved.
TEST(Conservation, EnergyFallsWhenPhotonsMoveToTheRed) {
  const PhotonicCrystalFiber system(0.012);
  const auto end = propagate(system.pulse, system.fiber, kPlanner, {.tolerance = 1e-6});
  EXPECT_LT(energy_j(end.pulse), 0.999 * energy_j(system.pulse));
}

// Without self-steepening every bin has the same weight, so the energy is conserved, even with Raman.
TEST(Conservation, EnergySurvivesWithoutSelfSteepening) {
  const Pulse start = test::Soliton::make(2, 512, 40);
  Fiber fiber = test::kerr_fiber(test::Soliton::kPeriod, test::Soliton::kBeta2, test::Soliton::kGamma);
  fiber.raman = RamanResponse{};
  const auto end = propagate(start, fiber, kPlanner, {.tolerance = 1e-8});
  EXPECT_NEAR(energy_j(end.pulse) / energy_j(start), 1.0, 1e-6);
  EXPECT_NEAR(end.report.invariant_drift, 0.0, 1e-6);
}

// Fig. 3 of the review, at a distance of 5 cm: a dispersive wave between 500 and 600 nm, a Raman-shifted soliton beyond
// 1050 nm, both within 20 dB of the brightest line, and nothing outside the octave they span.
TEST(Supercontinuum, HasThePublishedExtent) {
  const PhotonicCrystalFiber system(0.05);
  const auto end = propagate(system.pulse, system.fiber, kPlanner);
  const auto spectrum = wavelength_spectrum(frequency_spectrum(end.pulse, kPlanner));
  const double top = *std::max_element(spectrum.energy_j_per_m.begin(), spectrum.energy_j_per_m.end());
  const auto reaches = [&](double from_m, double to_m) {
    double highest = 0;
    for (std::size_t i = 0; i < spectrum.wavelength_m.size(); ++i) {
      if (spectrum.wavelength_m[i] >= from_m && spectrum.wavelength_m[i] <= to_m) {
        highest = std::max(highest, spectrum.energy_j_per_m[i]);
      }
    }
    return 10 * std::log10(highest / top);
  };
  EXPECT_GT(reaches(500e-9, 600e-9), -20) << "dispersive wave";
  EXPECT_GT(reaches(1050e-9, 1200e-9), -20) << "Raman-shifted soliton";
  EXPECT_LT(reaches(380e-9, 450e-9), -40);
  EXPECT_LT(reaches(1350e-9, 1700e-9), -40);
}

}  // namespace
}  // namespace neve::optics
