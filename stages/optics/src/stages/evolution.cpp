#include "evolution.hpp"

#include <algorithm>

#include "fft_plans.hpp"
#include "units.hpp"
#include "wavelength_cells.hpp"

namespace neve::optics {
namespace {

constexpr std::size_t kColumns = 16384;
constexpr std::size_t kPictureColumns = 640;
constexpr double kDepthDb = 40;
constexpr double kShown = 1e-4;  // 40 dB

Axis decibels(std::string label) {
  return {.label = std::move(label), .unit = "dB", .scale = Scale::db, .range = {{-kDepthDb, 0.0}}};
}

// The largest value each column has in any plane.
std::vector<double> envelope(std::span<const float> rows, std::size_t columns) {
  std::vector<double> highest(columns, 0.0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    highest[i % columns] = std::max(highest[i % columns], static_cast<double>(rows[i]));
  }
  return highest;
}

}  // namespace

Evolution::Evolution(const Grid& grid, const FftPlanner& planner)
    : planner_(planner),
      grid_(grid),
      block_(std::max<std::size_t>(1, grid.points / kColumns)),
      first_bin_(0),
      spectrum_(grid.points),
      field_(grid.points) {
  while (grid.frequency_hz(grid.ascending_bin(first_bin_)) <= 0) first_bin_ += block_;
}

void Evolution::add(double z_m, std::span<const Complex> spectrum) {
  z_m_.push_back(z_m);
  add_power(spectrum);
  add_density(spectrum);
}

void Evolution::add_power(std::span<const Complex> spectrum) {
  std::copy(spectrum.begin(), spectrum.end(), spectrum_.begin());
  planner_.plans(grid_.points)->to_time(spectrum_.data(), field_.data());
  for (std::size_t j = 0; j < grid_.points; j += block_) {
    double highest = 0;
    for (std::size_t i = j; i < j + block_; ++i) highest = std::max(highest, std::norm(field_[i]));
    power_.push_back(static_cast<float>(highest));
  }
}

void Evolution::add_density(std::span<const Complex> spectrum) {
  const double scale = grid_.window_s() * grid_.window_s() / static_cast<double>(block_);
  for (std::size_t i = first_bin_; i < grid_.points; i += block_) {
    double sum = 0;
    for (std::size_t k = i; k < i + block_; ++k) sum += std::norm(spectrum[grid_.ascending_bin(k)]);
    density_.push_back(static_cast<float>(sum * scale));
  }
}

std::vector<double> Evolution::distances(double per_m) const {
  std::vector<double> result(z_m_.size());
  std::transform(z_m_.begin(), z_m_.end(), result.begin(), [&](double z_m) { return z_m * per_m; });
  return result;
}

Plot Evolution::spectral_plot() const {
  const std::size_t columns = (grid_.points - first_bin_) / block_;
  const double step_hz = grid_.frequency_step_hz() * static_cast<double>(block_);
  const double first_hz =
      grid_.frequency_hz(grid_.ascending_bin(first_bin_)) + 0.5 * (step_hz - grid_.frequency_step_hz());
  std::vector<double> wavelengths(columns);
  std::vector<double> brightest = envelope(density_, columns);
  for (std::size_t i = 0; i < columns; ++i) {
    const double frequency_hz = first_hz + static_cast<double>(i) * step_hz;
    wavelengths[columns - 1 - i] = kSpeedOfLight / frequency_hz;
    brightest[i] *= frequency_hz * frequency_hz;
  }
  std::reverse(brightest.begin(), brightest.end());
  const auto [from_m, to_m] = occupied_range(wavelengths, brightest, kShown);

  const WavelengthCells cells(from_m, to_m, kPictureColumns, first_hz, step_hz, columns);
  const AxisUnit length = length_unit(z_m_.back());
  HeatMap map{.y = distances(length.per_si)};
  for (const double wavelength_m : cells.middles_m()) map.x.push_back(wavelength_m * kNanometresPerMetre);
  map.z.resize(map.x.size() * map.y.size());
  for (std::size_t row = 0; row < z_m_.size(); ++row) {
    cells.fill(std::span(density_).subspan(row * columns, columns),
               std::span(map.z).subspan(row * kPictureColumns, kPictureColumns));
  }
  return {.title = "Spectral evolution",
          .x = {.label = "wavelength", .unit = "nm"},
          .y = {.label = "distance", .unit = length.name},
          .color = decibels("energy per wavelength"),
          .map = std::move(map)};
}

Plot Evolution::temporal_plot() const {
  const std::size_t columns = grid_.points / block_;
  const double column_s = grid_.dt_s * static_cast<double>(block_);
  std::vector<double> times(columns);
  for (std::size_t i = 0; i < columns; ++i) times[i] = grid_.time_s(i * block_) + 0.5 * (column_s - grid_.dt_s);
  const auto [from_s, to_s] = occupied_range(times, envelope(power_, columns), kShown);
  const auto first = static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), from_s) - times.begin());
  const auto last = static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), to_s) - times.begin());
  const std::size_t merged = (last - first + kPictureColumns - 1) / kPictureColumns;
  const std::size_t shown = (last - first) / merged;

  const AxisUnit time = time_unit(to_s - from_s);
  const AxisUnit length = length_unit(z_m_.back());
  HeatMap map{.y = distances(length.per_si)};
  const double step = column_s * static_cast<double>(merged) * time.per_si;
  const double start = (times[first] + 0.5 * column_s * static_cast<double>(merged - 1)) * time.per_si;
  for (std::size_t i = 0; i < shown; ++i) map.x.push_back(start + static_cast<double>(i) * step);
  for (std::size_t row = 0; row < z_m_.size(); ++row) {
    for (std::size_t i = 0; i < shown; ++i) {
      const auto from = power_.begin() + static_cast<std::ptrdiff_t>(row * columns + first + i * merged);
      map.z.push_back(*std::max_element(from, from + static_cast<std::ptrdiff_t>(merged)));
    }
  }
  return {.title = "Temporal evolution",
          .x = {.label = "time", .unit = time.name},
          .y = {.label = "distance", .unit = length.name},
          .color = decibels("power"),
          .map = std::move(map)};
}

}  // namespace neve::optics
