#include "pulse_metrics.hpp"

#include <neve/optics/diagnostics.hpp>
#include <neve/optics/width.hpp>

namespace neve::optics {

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

}  // namespace neve::optics
