#include "pulse_metrics.hpp"

#include <string>

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/optics/diagnostics.hpp>
#include <neve/optics/width.hpp>

namespace neve::optics {
namespace {

// Of the energy; the field is then wrong by about its root, 1 %: twice what the fibre's default tolerance leaves of a
// supercontinuum.
constexpr double kDoubtfulEdgeFraction = 1e-4;

void judge(double fraction, std::optional<double> largest, StageContext& context, const std::string& place_and_remedy) {
  if (largest && fraction > *largest) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{:.2g} % of the light reaches {} (largest_edge_fraction, here {:g}, says how much "
                            "may; 1 is right for a field that is meant to be periodic)",
                            100 * fraction, place_and_remedy, *largest));
  }
  if (fraction > kDoubtfulEdgeFraction && largest != 1.0) {
    context.warn(fmt::format("{:.2g} % of the light reaches {}", 100 * fraction, place_and_remedy));
  }
}

}  // namespace

void report_pulse(const Pulse& pulse, const FftPlanner& planner, StageContext& context) {
  constexpr double kTwentyDecibels = 0.01;
  const WavelengthSpectrum spectrum = wavelength_spectrum(frequency_spectrum(pulse, planner));
  context.metric("energy_j", energy_j(pulse));
  context.metric("peak_power_w", peak_power_w(pulse));
  context.metric("fwhm_s", fwhm_s(pulse));
  context.metric("rms_duration_s", rms_duration_s(pulse));
  context.metric("photon_number", photon_number(pulse, planner));
  context.metric("spectrum_fwhm_m", full_width_half_maximum(spectrum.wavelength_m, spectrum.energy_j_per_m));
  context.metric("bandwidth_20db_m", outer_width(spectrum.wavelength_m, spectrum.energy_j_per_m, kTwentyDecibels));
}

void report_edges(const EdgeFractions& edges, std::optional<double> largest, const Grid& grid, StageContext& context) {
  context.metric("time_edge_fraction", edges.time);
  context.metric("spectrum_edge_fraction", edges.spectrum);
  judge(edges.time, largest, context,
        fmt::format("the edge of the time window of {:g} s, beyond which it comes in again on the other side; give the "
                    "source a longer window_s, and more points in proportion",
                    grid.window_s()));
  judge(edges.spectrum, largest, context,
        fmt::format("the edge of the frequency window, {:.3g} Hz on either side of the carrier, beyond which it is "
                    "aliased; give the source more points over the same window_s",
                    0.5 / grid.dt_s));
}

}  // namespace neve::optics
