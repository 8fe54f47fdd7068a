#include <neve/optics/diagnostics.hpp>

#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/optics/compressor.hpp>
#include <neve/optics/spectrogram.hpp>
#include <neve/optics/width.hpp>

#include "test_fields.hpp"

namespace neve::optics {
namespace {

const FftPlanner kPlanner;
const Grid kGrid = Grid::make(1024, 4e-12, 800e-9);

Pulse gaussian(double fwhm_s, double chirp = 0) {
  return make_pulse(kGrid, {.shape = PulseShape::gaussian, .fwhm_s = fwhm_s, .energy_j = 2e-9, .chirp = chirp});
}

TEST(Width, InterpolatesBetweenSamples) {
  const std::vector<double> x{0, 1, 2, 3, 4};
  EXPECT_DOUBLE_EQ(full_width_half_maximum(x, std::vector<double>{0, 0, 4, 0, 0}), 1.0);
  EXPECT_DOUBLE_EQ(full_width_half_maximum(x, std::vector<double>{0, 1, 4, 3, 0}), 2.0);
}

TEST(Width, OfASplitPulseIsThatOfItsStrongestPart) {
  const std::vector<double> x{0, 1, 2, 3, 4, 5, 6};
  const std::vector<double> y{0, 3, 0, 0, 4, 0, 0};
  EXPECT_DOUBLE_EQ(full_width_half_maximum(x, y), 1.0);
  EXPECT_DOUBLE_EQ(outer_width(x, y, 0.5), 4.5 - 2.0 / 3);
}

TEST(Width, OfNothingIsZeroAndOfACutPeakEndsWithTheData) {
  const std::vector<double> x{0, 1, 2};
  EXPECT_EQ(full_width_half_maximum(x, std::vector<double>{0, 0, 0}), 0);
  EXPECT_EQ(outer_width(x, std::vector<double>{0, 0, 0}, 0.1), 0);
  EXPECT_DOUBLE_EQ(full_width_half_maximum(x, std::vector<double>{4, 3, 0}), 1 + 1.0 / 3);
  EXPECT_THROW((void)full_width_half_maximum(x, std::vector<double>{1}), Error);
}

// Parseval: to rounding. Over wavelength the samples are uneven, so the trapezoidal rule is good to about 1e-6 here.
TEST(Spectrum, IntegratesToTheEnergyOverFrequencyAndOverWavelength) {
  const auto spectrum = frequency_spectrum(gaussian(50e-15, 1), kPlanner);
  double over_frequency = 0;
  for (const double density : spectrum.energy_j_per_hz) over_frequency += density * kGrid.frequency_step_hz();
  EXPECT_NEAR(over_frequency, 2e-9, 1e-9 * 2e-9);

  const auto by_wavelength = wavelength_spectrum(spectrum);
  double over_wavelength = 0;
  for (std::size_t i = 0; i + 1 < by_wavelength.wavelength_m.size(); ++i) {
    over_wavelength += 0.5 * (by_wavelength.energy_j_per_m[i] + by_wavelength.energy_j_per_m[i + 1]) *
                       (by_wavelength.wavelength_m[i + 1] - by_wavelength.wavelength_m[i]);
  }
  EXPECT_NEAR(over_wavelength, 2e-9, 1e-4 * 2e-9);
  EXPECT_TRUE(std::is_sorted(by_wavelength.wavelength_m.begin(), by_wavelength.wavelength_m.end()));
}

// Time-bandwidth product of a Gaussian: 2 ln2 / pi. Linear interpolation of both widths: 1e-3.
TEST(Spectrum, TransformLimitedGaussianHasItsTimeBandwidthProduct) {
  const Pulse pulse = gaussian(100e-15);
  const auto spectrum = frequency_spectrum(pulse, kPlanner);
  const double product = fwhm_s(pulse) * full_width_half_maximum(spectrum.frequency_hz, spectrum.energy_j_per_hz);
  EXPECT_NEAR(product, 2 * std::numbers::ln2 / std::numbers::pi, 2e-3 * 0.441);
}

TEST(Spectrum, ALaterPhaseRampTowardsBlueMovesItUp) {
  Pulse pulse = gaussian(100e-15);
  const double shift = kGrid.offset_rad_per_s(40);
  for (std::size_t j = 0; j < kGrid.points; ++j) pulse.field[j] *= std::polar(1.0, -shift * kGrid.time_s(j));
  EXPECT_NEAR(test::mean_offset_rad_per_s(pulse, kPlanner), shift, 1e-6 * shift);
}

// Energy over h nu, averaged over a Gaussian spectrum of the deviation s: 1/nu0 (1 + (s/nu0)^2 + 3 (s/nu0)^4 + ...),
// here with (s/nu0)^2 = 2.5e-5; the next term is 2e-9.
TEST(PhotonNumber, IsEnergyOverPhotonEnergy) {
  const double t0_s = width_parameter_s(PulseShape::gaussian, 100e-15);
  const double relative = 1 / (std::numbers::sqrt2 * kTwoPi * t0_s * kGrid.carrier_hz());
  const double expected = 2e-9 / (kPlanck * kGrid.carrier_hz()) * (1 + relative * relative);
  EXPECT_NEAR(photon_number(gaussian(100e-15), kPlanner), expected, 1e-8 * expected);
}

// The gate has unit height, so the sum over delays and frequencies is the energy times the integral of the gate's
// power, FWHM sqrt(pi / (4 ln 2)). Tolerance: sums of smooth functions that vanish at the ends, to 1e-6.
TEST(Spectrogram, SumsToTheEnergyTimesTheGate) {
  const Pulse pulse = gaussian(100e-15, 2);
  const SpectrogramView view{.gate_fwhm_s = 80e-15,
                             .delays = 201,
                             .from_s = -1e-12,
                             .to_s = 1e-12,
                             .shortest_wavelength_m = 500e-9,
                             .longest_wavelength_m = 2000e-9};
  const auto image = spectrogram(pulse, view, kPlanner);
  ASSERT_EQ(image.energy_j_per_hz.size(), image.delay_s.size() * image.frequency_hz.size());
  double sum = 0;
  for (const double density : image.energy_j_per_hz) sum += density;
  sum *= kGrid.frequency_step_hz() * 2e-12 / 200;
  const double gate_s = 80e-15 * std::sqrt(std::numbers::pi / (4 * std::numbers::ln2));
  EXPECT_NEAR(sum, 2e-9 * gate_s, 1e-6 * 2e-9 * gate_s);
}

// Up-chirp: the brightest frequency of a later slice is higher.
TEST(Spectrogram, ShowsAnUpChirpRising) {
  const Pulse pulse = gaussian(200e-15, 6);
  const SpectrogramView view{.gate_fwhm_s = 60e-15,
                             .delays = 3,
                             .from_s = -100e-15,
                             .to_s = 100e-15,
                             .shortest_wavelength_m = 600e-9,
                             .longest_wavelength_m = 1200e-9};
  const auto image = spectrogram(pulse, view, kPlanner);
  const auto brightest = [&](std::size_t row) {
    const auto from = image.energy_j_per_hz.begin() + static_cast<std::ptrdiff_t>(row * image.frequency_hz.size());
    const auto to = from + static_cast<std::ptrdiff_t>(image.frequency_hz.size());
    return image.frequency_hz[static_cast<std::size_t>(std::max_element(from, to) - from)];
  };
  EXPECT_LT(brightest(0), brightest(1));
  EXPECT_LT(brightest(1), brightest(2));
}

TEST(Spectrogram, RefusesAViewWithNothingInIt) {
  SpectrogramView view{.gate_fwhm_s = 60e-15,
                       .delays = 3,
                       .from_s = -1e-13,
                       .to_s = 1e-13,
                       .shortest_wavelength_m = 20e-6,
                       .longest_wavelength_m = 21e-6};
  view.shortest_wavelength_m = 1e-9;
  view.longest_wavelength_m = 2e-9;
  EXPECT_THROW((void)spectrogram(gaussian(100e-15), view, kPlanner), Error);
  view.gate_fwhm_s = 0;
  EXPECT_THROW((void)spectrogram(gaussian(100e-15), view, kPlanner), Error);
}

}  // namespace
}  // namespace neve::optics
