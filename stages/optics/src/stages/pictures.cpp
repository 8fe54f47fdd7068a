#include "pictures.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include <neve/optics/spectrogram.hpp>

#include "units.hpp"
#include "wavelength_cells.hpp"
#include "wavelength_range.hpp"

namespace neve::optics {
namespace {

constexpr double kShownPower = 1e-3;  // of the highest; what is below does not show on a linear scale
constexpr std::size_t kSpectrogramRows = 480;

double fraction_of(double depth_db) { return std::pow(10.0, -0.1 * depth_db); }

Axis wavelength_axis(std::pair<double, double> range_m) {
  return {.label = "wavelength",
          .unit = "nm",
          .range = {{range_m.first * kNanometresPerMetre, range_m.second * kNanometresPerMetre}}};
}

Axis decibel_axis(std::string label, double depth_db) {
  return {.label = std::move(label), .unit = "dB", .scale = Scale::db, .range = {{-depth_db, 0.0}}};
}

std::pair<double, double> shown_times_s(std::span<const NamedPulse> pulses, double fraction) {
  std::pair<double, double> range{INFINITY, -INFINITY};
  for (const NamedPulse& named : pulses) {
    const auto [from_s, to_s] = occupied_range(times_s(named.pulse->grid), power_w(*named.pulse), fraction);
    range = {std::min(range.first, from_s), std::max(range.second, to_s)};
  }
  return range;
}

// The wavelength whose frequency is higher by `hz`, if there is one.
double moved_by(double wavelength_m, double hz) {
  const double frequency_hz = kSpeedOfLight / wavelength_m;
  return kSpeedOfLight / std::max(frequency_hz + hz, 0.5 * frequency_hz);
}

// A gate widens each spectrum by its own: a Gaussian one of duration T has the FWHM 2 ln2 / (pi T) in power, and half
// of sqrt(depth / 3.01 dB) times that between its middle and where it is `depth` below. Ends that are not given leave
// room for that, as far as the grid goes.
std::pair<double, double> gated_wavelengths_m(const WavelengthSpectrum& spectrum, double gate_fwhm_s,
                                              const SpectrumRange& range) {
  const auto [from_m, to_m] = shown_wavelengths_m({&spectrum, 1}, range);
  const double gate_hz = 2 * std::numbers::ln2 / (std::numbers::pi * gate_fwhm_s);
  const double room_hz = 0.5 * gate_hz * std::sqrt(range.depth_db / (10 * std::log10(2.0)));
  const double shortest_m = std::max(moved_by(from_m, room_hz), spectrum.wavelength_m.front());
  const double longest_m = std::min(moved_by(to_m, -room_hz), spectrum.wavelength_m.back());
  return {range.shortest_m.value_or(shortest_m), range.longest_m.value_or(longest_m)};
}

}  // namespace

std::pair<double, double> shown_wavelengths_m(std::span<const WavelengthSpectrum> spectra, const SpectrumRange& range) {
  double highest = 0;
  for (const auto& s : spectra) {
    highest = std::max(highest, *std::max_element(s.energy_j_per_m.begin(), s.energy_j_per_m.end()));
  }
  std::pair<double, double> fitted{INFINITY, -INFINITY};
  for (const auto& s : spectra) {
    const double own = *std::max_element(s.energy_j_per_m.begin(), s.energy_j_per_m.end());
    const double fraction = own > 0 ? std::min(1.0, fraction_of(range.depth_db) * highest / own) : 1.0;
    const auto [from_m, to_m] = occupied_range(s.wavelength_m, s.energy_j_per_m, fraction);
    fitted = {std::min(fitted.first, from_m), std::max(fitted.second, to_m)};
  }
  return {range.shortest_m.value_or(fitted.first), range.longest_m.value_or(fitted.second)};
}

Plot power_plot(std::string title, std::span<const NamedPulse> pulses) {
  const auto [from_s, to_s] = shown_times_s(pulses, kShownPower);
  double highest_w = 0;
  for (const NamedPulse& named : pulses) highest_w = std::max(highest_w, peak_power_w(*named.pulse));
  const AxisUnit time = time_unit(to_s - from_s);
  const AxisUnit power = power_unit(highest_w);

  Plot plot{.title = std::move(title),
            .x = {.label = "time", .unit = time.name, .range = {{from_s * time.per_si, to_s * time.per_si}}},
            .y = {.label = "power", .unit = power.name}};
  constexpr double kHeadroom = 1.05;
  if (highest_w > 0) plot.y.range = {{0.0, kHeadroom * highest_w * power.per_si}};
  for (const NamedPulse& named : pulses) {
    Line line{.label = named.label};
    for (std::size_t j = 0; j < named.pulse->field.size(); ++j) {
      const double t_s = named.pulse->grid.time_s(j);
      if (t_s < from_s || t_s > to_s) continue;
      line.x.push_back(t_s * time.per_si);
      line.y.push_back(std::norm(named.pulse->field[j]) * power.per_si);
    }
    plot.lines.push_back(std::move(line));
  }
  return plot;
}

Plot spectrum_plot(std::string title, std::span<const NamedPulse> pulses, const SpectrumRange& range,
                   const FftPlanner& planner) {
  std::vector<WavelengthSpectrum> spectra;
  for (const NamedPulse& named : pulses) {
    spectra.push_back(wavelength_spectrum(frequency_spectrum(*named.pulse, planner)));
  }
  const auto [from_m, to_m] = shown_wavelengths_m(spectra, range);
  Plot plot{.title = std::move(title),
            .x = wavelength_axis({from_m, to_m}),
            .y = decibel_axis("energy per wavelength", range.depth_db)};
  for (std::size_t s = 0; s < spectra.size(); ++s) {
    Line line{.label = pulses[s].label};
    for (std::size_t i = 0; i < spectra[s].wavelength_m.size(); ++i) {
      if (spectra[s].wavelength_m[i] < from_m || spectra[s].wavelength_m[i] > to_m) continue;
      line.x.push_back(spectra[s].wavelength_m[i] * kNanometresPerMetre);
      line.y.push_back(spectra[s].energy_j_per_m[i]);
    }
    if (line.x.empty()) refuse_wavelengths(pulses[s].pulse->grid, from_m, to_m);
    plot.lines.push_back(std::move(line));
  }
  return plot;
}

Plot spectrogram_plot(const Pulse& pulse, double gate_fwhm_s, std::size_t delays, const SpectrumRange& range,
                      const FftPlanner& planner) {
  const NamedPulse named{"", &pulse};
  const WavelengthSpectrum spectrum = wavelength_spectrum(frequency_spectrum(pulse, planner));
  const auto [from_m, to_m] = gated_wavelengths_m(spectrum, gate_fwhm_s, range);
  // Time is cut at the depth of the picture too, and leaves room for the gate.
  auto [from_s, to_s] = shown_times_s({&named, 1}, fraction_of(range.depth_db));
  from_s = std::max(from_s - gate_fwhm_s, pulse.grid.time_s(0));
  to_s = std::min(to_s + gate_fwhm_s, pulse.grid.time_s(pulse.grid.points - 1));
  // One bin more on either side: the outermost cells hold a part of it.
  const double step_hz = pulse.grid.frequency_step_hz();
  const Spectrogram image = spectrogram(pulse,
                                        {.gate_fwhm_s = gate_fwhm_s,
                                         .delays = delays,
                                         .from_s = from_s,
                                         .to_s = to_s,
                                         .shortest_wavelength_m = moved_by(from_m, step_hz),
                                         .longest_wavelength_m = moved_by(to_m, -step_hz)},
                                        planner);

  const std::size_t bins = image.frequency_hz.size();
  const WavelengthCells cells(from_m, to_m, kSpectrogramRows, image.frequency_hz.front(), step_hz, bins);
  const AxisUnit time = time_unit(to_s - from_s);
  HeatMap map;
  for (const double delay_s : image.delay_s) map.x.push_back(delay_s * time.per_si);
  for (const double wavelength_m : cells.middles_m()) map.y.push_back(wavelength_m * kNanometresPerMetre);
  map.z.resize(map.x.size() * map.y.size());
  std::vector<float> column(kSpectrogramRows);
  for (std::size_t d = 0; d < delays; ++d) {
    const auto from = image.energy_j_per_hz.begin() + static_cast<std::ptrdiff_t>(d * bins);
    const std::vector<float> density(from, from + static_cast<std::ptrdiff_t>(bins));
    cells.fill(density, column);
    for (std::size_t row = 0; row < kSpectrogramRows; ++row) map.z[row * delays + d] = column[row];
  }
  return {.title = fmt::format("Spectrogram, {:.0f} fs gate", gate_fwhm_s * 1e15),
          .x = {.label = "delay", .unit = time.name},
          .y = {.label = "wavelength", .unit = "nm"},
          .color = decibel_axis("energy density", range.depth_db),
          .map = std::move(map)};
}

}  // namespace neve::optics
