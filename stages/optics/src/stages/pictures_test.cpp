#include "pictures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <neve/base/error.hpp>

#include "evolution.hpp"
#include "transform.hpp"
#include "wavelength_cells.hpp"

namespace neve::optics {
namespace {

const FftPlanner kPlanner;

Pulse pulse_at(double wavelength_m, std::size_t points = 1024) {
  return make_pulse(Grid::make(points, 4e-12, wavelength_m),
                    {.shape = PulseShape::gaussian, .fwhm_s = 100e-15, .peak_power_w = 1e3});
}

// A cell holds the energy between its edges: the cells together hold all of it when they cover the spectrum. To float
// rounding.
TEST(WavelengthCells, KeepTheEnergyWhateverTheirNumber) {
  const Pulse pulse = pulse_at(800e-9);
  const auto spectrum = frequency_spectrum(pulse, kPlanner);
  const std::vector<float> density(spectrum.energy_j_per_hz.begin(), spectrum.energy_j_per_hz.end());
  for (const std::size_t count : {7U, 100U, 5000U}) {
    const WavelengthCells cells(700e-9, 950e-9, count, spectrum.frequency_hz.front(), pulse.grid.frequency_step_hz(),
                                density.size());
    std::vector<float> means(count);
    cells.fill(density, means);
    double sum = 0;
    for (const float mean : means) sum += mean * 250e-9 / static_cast<double>(count);
    EXPECT_NEAR(sum, energy_j(pulse), 1e-5 * energy_j(pulse)) << count;
  }
}

TEST(WavelengthCells, PutALineWhereItsWavelengthIs) {
  std::vector<float> density(1001, 0.0F);
  density[400] = 1;
  const WavelengthCells cells(600e-9, 1200e-9, 60, 250e12, 0.25e12, density.size());  // bin 400 is 350 THz, 856.6 nm
  std::vector<float> means(60);
  cells.fill(density, means);
  const auto brightest = std::max_element(means.begin(), means.end()) - means.begin();
  EXPECT_NEAR(cells.middles_m()[static_cast<std::size_t>(brightest)], kSpeedOfLight / 350e12, 5e-9);
}

TEST(OccupiedRange, LeavesAMarginAndStaysInsideTheData) {
  const std::vector<double> x{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::vector<double> y{0, 0, 0, 0, 1, 1, 0, 0, 0, 0};
  const auto [from, to] = occupied_range(x, y, 0.5);
  EXPECT_DOUBLE_EQ(from, 3 - 0.15);
  EXPECT_DOUBLE_EQ(to, 6 + 0.15);
  EXPECT_EQ(occupied_range(x, std::vector<double>(10, 1.0), 0.5), std::make_pair(0.0, 9.0));
  EXPECT_EQ(occupied_range(x, std::vector<double>(10, 0.0), 0.5), std::make_pair(0.0, 9.0));
}

class Evolutions : public testing::TestWithParam<std::size_t> {};

// A pulse that stays as it is: every row of either map is the same, brightest at the carrier and at the centre. 65536
// points exercise the merging of samples into columns. Tolerance: a merged bin is 1 THz, 2.1 nm here.
TEST_P(Evolutions, ShowThePulseAtItsWavelengthAndTime) {
  const Pulse pulse = pulse_at(800e-9, GetParam());
  Evolution evolution(pulse.grid, kPlanner);
  const ComplexArray spectrum = to_spectrum(pulse, kPlanner);
  for (int i = 0; i < 3; ++i) evolution.add(0.05 * i, spectrum);

  const auto brightest_column = [](const HeatMap& map, std::size_t row) {
    const auto from = map.z.begin() + static_cast<std::ptrdiff_t>(row * map.x.size());
    const auto to = from + static_cast<std::ptrdiff_t>(map.x.size());
    return map.x[static_cast<std::size_t>(std::max_element(from, to) - from)];
  };
  const Plot spectral = decimate(evolution.spectral_plot());
  const Plot temporal = decimate(evolution.temporal_plot());
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_NEAR(brightest_column(*spectral.map, row), 800, 2.5);
    EXPECT_NEAR(brightest_column(*temporal.map, row), 0, 2);
  }
  EXPECT_EQ(spectral.x.unit, "nm");
  EXPECT_EQ(spectral.y.unit, "cm");
  EXPECT_EQ(temporal.x.unit, "fs");
  EXPECT_DOUBLE_EQ(spectral.map->y.back(), 10);
}

INSTANTIATE_TEST_SUITE_P(Points, Evolutions, testing::Values(256, 1024, 65536));

TEST(Pictures, SpectrumIsCutToWhereThereIsLight) {
  const Pulse pulse = pulse_at(800e-9);
  const NamedPulse named{"pulse", &pulse};
  const Plot plot = spectrum_plot("Spectrum", {&named, 1}, {.depth_db = 40}, kPlanner);
  ASSERT_EQ(plot.lines.size(), 1U);
  // 40 dB below the top a Gaussian of 9.4 nm FWHM is 34 nm wide; with margins, less than twice that is shown.
  EXPECT_GT(plot.lines[0].x.front(), 765);
  EXPECT_LT(plot.lines[0].x.back(), 835);
  EXPECT_EQ(plot.y.range, std::make_pair(-40.0, 0.0));
  EXPECT_NO_THROW((void)decimate(plot));
}

// A pulse of 2 ps has 0.22 THz, a gate of 100 fs 4.4 THz: 40 dB below the top it reaches 8 THz to either side of the
// carrier at 375 THz, 17 nm. The picture is dark along its edges, and brightest in its middle.
TEST(Pictures, SpectrogramLeavesRoomForTheSpectrumOfItsGate) {
  const Pulse pulse = make_pulse(Grid::make(4096, 40e-12, 800e-9),
                                 {.shape = PulseShape::gaussian, .fwhm_s = 2e-12, .peak_power_w = 1e3});
  const Plot plot = spectrogram_plot(pulse, 100e-15, 33, {.depth_db = 40}, kPlanner);
  ASSERT_TRUE(plot.map);
  EXPECT_LT(plot.map->y.front(), 800 - 17);
  EXPECT_GT(plot.map->y.back(), 800 + 17);
  EXPECT_GT(plot.map->y.front(), 800 - 25);
  const std::size_t columns = plot.map->x.size();
  const auto at = [&](std::size_t row) { return plot.map->z[row * columns + columns / 2]; };
  const std::size_t rows = plot.map->y.size();
  EXPECT_LT(at(0), 1.5e-4 * at(rows / 2));
  EXPECT_LT(at(rows - 1), 1.5e-4 * at(rows / 2));
}

// Cells along the edge hold what their neighbours do, also where no bin's middle is beyond them.
TEST(Pictures, SpectrogramIsNotDarkerAlongItsEdges) {
  const Pulse pulse = pulse_at(800e-9);
  const double reach_hz = 4.9 * pulse.grid.frequency_step_hz();  // the fifth bin's middle is outside, most of it inside
  const Plot plot = spectrogram_plot(pulse, 50e-15, 3,
                                     {.depth_db = 30,
                                      .shortest_m = kSpeedOfLight / (pulse.grid.carrier_hz() + reach_hz),
                                      .longest_m = kSpeedOfLight / (pulse.grid.carrier_hz() - reach_hz)},
                                     kPlanner);
  ASSERT_TRUE(plot.map);
  const auto at = [&](std::size_t row) { return plot.map->z[row * 3 + 1]; };
  const std::size_t rows = plot.map->y.size();
  EXPECT_NEAR(at(0) / at(1), 1, 0.02);
  EXPECT_NEAR(at(rows - 1) / at(rows - 2), 1, 0.02);
}

TEST(Pictures, NameWavelengthsThatTheGridDoesNotHave) {
  const Pulse pulse = pulse_at(800e-9);
  const NamedPulse named{"", &pulse};
  try {
    (void)spectrum_plot("", {&named, 1}, {.shortest_m = 1e-8, .longest_m = 1e-7}, kPlanner);
    FAIL() << "a picture of nothing was drawn";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), testing::HasSubstr("no frequency between 1e-08 m and 1e-07 m"));
  }
}

TEST(Pictures, SpectrogramCoversTheWavelengthsItWasAskedFor) {
  const Pulse pulse = pulse_at(800e-9);
  const Plot plot =
      spectrogram_plot(pulse, 50e-15, 32, {.depth_db = 30, .shortest_m = 700e-9, .longest_m = 900e-9}, kPlanner);
  ASSERT_TRUE(plot.map);
  EXPECT_EQ(plot.map->x.size(), 32U);
  EXPECT_GT(plot.map->y.front(), 700);
  EXPECT_LT(plot.map->y.back(), 900);
  EXPECT_NO_THROW((void)decimate(plot));
}

}  // namespace
}  // namespace neve::optics
