#pragma once

#include <memory>
#include <tuple>
#include <vector>

#include <neve/optics/fft_planner.hpp>
#include <neve/optics/pulse_state.hpp>
#include <neve/optics/stage_configs.hpp>
#include <neve/pipeline/any_stage.hpp>
#include <neve/pipeline/stage_registry.hpp>

/// The optics library as stages of pipelines. Every stage but the source takes one pulse; all give a pulse except the
/// diagnostics. Metrics of a pulse: `energy_j`, `peak_power_w`, `fwhm_s`, `rms_duration_s`, `photon_number`,
/// `spectrum_fwhm_m`, `bandwidth_20db_m` (between the outermost points 20 dB below the brightest wavelength),
/// `time_edge_fraction` and `spectrum_edge_fraction`.
///
/// The last two are the shares of the light in the outer 5 % of the time and of the frequency window: the largest along
/// the way for fibre and compressor, otherwise those of the pulse the stage gives. What goes beyond comes in again on
/// the other side, where it looks like part of the pulse. A stage warns when 1e-4 are there (about 1 % of the field is
/// wrong) and fails above its `largest_edge_fraction`, 0.01 by default (10 %); source and diagnostics only warn.
///
/// A version is a number and the planner's fingerprint, so results of different FFT plans never share a key.
namespace neve::optics {

using PlannerPtr = std::shared_ptr<const FftPlanner>;

/// A planner by FFTW's estimate.
[[nodiscard]] PlannerPtr make_planner();

/// `optics.pulse`: no input; gives the source's pulse. Pictures: `power`, `spectrum`.
[[nodiscard]] StagePtr make_pulse_stage(const PulseConfig& config, PlannerPtr planner = make_planner());

/// `optics.fiber`: propagates. Also `steps`, `rejected_steps`, `photon_drift` (see
/// `PropagationReport::invariant_drift`). Pictures: `spectrum`, `spectral_evolution`, `temporal_evolution`. Stops at
/// the next step when the run is cancelled or its time is up, and reports progress by distance.
[[nodiscard]] StagePtr make_fiber_stage(const FiberConfig& config, PlannerPtr planner = make_planner());

/// `optics.gain`: amplifies. Also `energy_gain`, `line_center_gain`. Picture: `spectrum`.
[[nodiscard]] StagePtr make_gain_stage(const GainConfig& config, PlannerPtr planner = make_planner());

/// `optics.filter`: filters. Also `energy_transmission`. Picture: `spectrum`.
[[nodiscard]] StagePtr make_filter_stage(const FilterConfig& config, PlannerPtr planner = make_planner());

/// `optics.compressor`: applies dispersion about the carrier. Also `gdd_s2`, `tod_s3`. Picture: `power`.
[[nodiscard]] StagePtr make_compressor_stage(const CompressorConfig& config, PlannerPtr planner = make_planner());

/// What `optics.diagnostics` gives: curves for further use. All have [points] or, over wavelength, [positive
/// frequencies].
struct PulseCurves {
  std::vector<double> time_s{};
  std::vector<double> power_w{};
  std::vector<double> wavelength_m{};
  std::vector<double> energy_j_per_m{};

  static auto state_fields() {
    return std::tuple{state_field("time_s", &PulseCurves::time_s), state_field("power_w", &PulseCurves::power_w),
                      state_field("wavelength_m", &PulseCurves::wavelength_m),
                      state_field("energy_j_per_m", &PulseCurves::energy_j_per_m)};
  }
};

/// `optics.diagnostics`: measures. Pictures: `power`, `spectrum`, `spectrogram`.
[[nodiscard]] StagePtr make_diagnostics_stage(const DiagnosticsConfig& config, PlannerPtr planner = make_planner());

/// Adds all six stages, sharing one planner, to what pipeline files can name. Throws `invalid_argument` if a name is
/// taken.
void register_stages(StageRegistry& registry, const PlannerPtr& planner = make_planner());

}  // namespace neve::optics
