#include <neve/optics/stages.hpp>

#include <array>

#include <fmt/format.h>

#include <neve/optics/diagnostics.hpp>
#include <neve/optics/fiber.hpp>
#include <neve/optics/gain.hpp>
#include <neve/pipeline/function_stage.hpp>

#include "evolution.hpp"
#include "pictures.hpp"
#include "pulse_metrics.hpp"
#include "units.hpp"

namespace neve::optics {
namespace {

/// A stage's name and number. The number goes up whenever the stage would give something else for the same input.
struct Identity {
  const char* name;
  int number;
};
constexpr Identity kPulse{"optics.pulse", 2};
constexpr Identity kFiber{"optics.fiber", 3};
constexpr Identity kGain{"optics.gain", 2};
constexpr Identity kFilter{"optics.filter", 2};
constexpr Identity kCompressor{"optics.compressor", 2};
constexpr Identity kDiagnostics{"optics.diagnostics", 2};

EdgeFractions edges_of(const Pulse& pulse, const FftPlanner& planner) {
  return {time_edge_fraction(pulse), spectrum_edge_fraction(pulse, planner)};
}

// The planner decides the last bits, so it is part of the version and with it of the key.
std::string version_of(Identity stage, const FftPlanner& planner) {
  return std::to_string(stage.number) + "+fft." + planner.fingerprint();
}

Fiber fiber_of(const FiberConfig& config) {
  Fiber fiber;
  fiber.length_m = config.length_m;
  fiber.betas = betas_from_ps_per_km(config.betas_ps_per_km);
  fiber.gamma_per_w_m = config.gamma_per_w_m;
  fiber.loss_db_per_m = config.loss_db_per_m;
  fiber.self_steepening = config.self_steepening;
  fiber.shock_time_s = config.shock_time_s;
  fiber.raman = RamanResponse{config.raman_fraction, config.raman_tau1_s, config.raman_tau2_s};
  if (config.raman_fraction == 0) fiber.raman.reset();
  return fiber;
}

void report_propagation(const PropagationReport& report, StageContext& context) {
  context.metric("steps", static_cast<double>(report.steps));
  context.metric("rejected_steps", static_cast<double>(report.rejected_steps));
  context.metric("photon_drift", report.invariant_drift);
}

void plot_before_and_after(std::string title, const Pulse& before, const Pulse& after, const FftPlanner& planner,
                           StageContext& context) {
  const std::array<NamedPulse, 2> pulses{NamedPulse{"in", &before}, NamedPulse{"out", &after}};
  context.plot("spectrum", spectrum_plot(std::move(title), pulses, {}, planner));
}

std::string title_of_spectrum(double length_m) {
  const AxisUnit unit = length_unit(length_m);
  return fmt::format("Spectrum before and after {:.4g} {} of fibre", length_m * unit.per_si, unit.name);
}

Pulse run_source(const PulseConfig& config, const FftPlanner& planner, StageContext& context) {
  const Pulse pulse =
      make_pulse(Grid::make(config.points, config.window_s, config.wavelength_m), {.shape = config.shape,
                                                                                   .fwhm_s = config.fwhm_s,
                                                                                   .peak_power_w = config.peak_power_w,
                                                                                   .energy_j = config.energy_j,
                                                                                   .chirp = config.chirp,
                                                                                   .delay_s = config.delay_s});
  report_pulse(pulse, planner, context);
  report_edges(edges_of(pulse, planner), std::nullopt, pulse.grid, context);
  const NamedPulse named{"", &pulse};
  context.plot("power", power_plot("Source pulse", {&named, 1}));
  context.plot("spectrum", spectrum_plot("Source spectrum", {&named, 1}, {}, planner));
  return pulse;
}

Pulse run_fiber(const FiberConfig& config, const Pulse& in, const FftPlanner& planner, StageContext& context) {
  Evolution evolution(in.grid, planner);
  PropagationWatch watch;
  watch.snapshots = config.planes;
  watch.snapshot = [&](double z_m, std::span<const Complex> spectrum) { evolution.add(z_m, spectrum); };
  watch.progress = [&](double fraction) {
    context.checkpoint();
    context.progress(fraction);
  };
  context.checkpoint();
  Propagation result = propagate(in, fiber_of(config), planner, {.tolerance = config.tolerance}, watch);
  report_pulse(result.pulse, planner, context);
  report_propagation(result.report, context);
  report_edges({result.report.time_edge_fraction, result.report.spectrum_edge_fraction}, config.largest_edge_fraction,
               in.grid, context);
  plot_before_and_after(title_of_spectrum(config.length_m), in, result.pulse, planner, context);
  if (config.planes > 0) {
    context.plot("spectral_evolution", evolution.spectral_plot());
    context.plot("temporal_evolution", evolution.temporal_plot());
  }
  return std::move(result.pulse);
}

Pulse run_gain(const GainConfig& config, const Pulse& in, const FftPlanner& planner, StageContext& context) {
  Amplified result = amplify({.small_signal_gain_db = config.small_signal_gain_db,
                              .saturation_energy_j = config.saturation_energy_j,
                              .center_m = config.center_m,
                              .bandwidth_m = config.bandwidth_m},
                             in, planner);
  report_pulse(result.pulse, planner, context);
  report_edges(edges_of(result.pulse, planner), config.largest_edge_fraction, in.grid, context);
  context.metric("energy_gain", result.energy_gain);
  context.metric("line_center_gain", result.line_center_gain);
  plot_before_and_after("Amplified spectrum", in, result.pulse, planner, context);
  return std::move(result.pulse);
}

Pulse run_filter(const FilterConfig& config, const Pulse& in, const FftPlanner& planner, StageContext& context) {
  Pulse out = apply(Filter{.shape = config.shape,
                           .center_m = config.center_m,
                           .fwhm_m = config.fwhm_m,
                           .order = config.order,
                           .transmission = config.transmission},
                    in, planner);
  report_pulse(out, planner, context);
  const double before_j = energy_j(in);
  constexpr double kRounding = 1e-28;  // of the energy; what a filter far from the light lets through is no light
  const bool nothing = energy_j(out) <= kRounding * before_j;
  report_edges(nothing ? EdgeFractions{} : edges_of(out, planner), config.largest_edge_fraction, in.grid, context);
  context.metric("energy_transmission", before_j > 0 ? energy_j(out) / before_j : 0.0);
  plot_before_and_after("Filtered spectrum", in, out, planner, context);
  return out;
}

Compressed compress(const CompressorConfig& config, const Pulse& in, const FftPlanner& planner) {
  if (config.mode == CompressorMode::shortest || config.mode == CompressorMode::highest) {
    const auto goal = config.mode == CompressorMode::shortest ? CompressionGoal::shortest : CompressionGoal::highest;
    return find_best_gdd({.goal = goal,
                          .lowest_gdd_s2 = config.lowest_gdd_s2,
                          .highest_gdd_s2 = config.highest_gdd_s2,
                          .tod_s3 = config.tod_s3,
                          .transmission = config.transmission},
                         in, planner);
  }
  const Compressor compressor = config.mode == CompressorMode::fixed
                                    ? Compressor{config.gdd_s2, config.tod_s3, config.transmission}
                                    : dispersion_of({.lines_per_m = config.lines_per_m,
                                                     .incidence_rad = config.incidence_rad,
                                                     .separation_m = config.separation_m,
                                                     .transmission = config.transmission},
                                                    in.grid.wavelength_m);
  return {compressor, apply(compressor, in, planner)};
}

Pulse run_compressor(const CompressorConfig& config, const Pulse& in, const FftPlanner& planner,
                     StageContext& context) {
  Compressed result = compress(config, in, planner);
  report_pulse(result.pulse, planner, context);
  report_edges(
      {largest_time_edge_fraction(result.compressor, in, planner), spectrum_edge_fraction(result.pulse, planner)},
      config.largest_edge_fraction, in.grid, context);
  context.metric("gdd_s2", result.compressor.gdd_s2);
  context.metric("tod_s3", result.compressor.tod_s3);
  const std::array<NamedPulse, 2> pulses{NamedPulse{"in", &in}, NamedPulse{"out", &result.pulse}};
  context.plot("power", power_plot("Compression", pulses));
  return std::move(result.pulse);
}

PulseCurves run_diagnostics(const DiagnosticsConfig& config, const Pulse& in, const FftPlanner& planner,
                            StageContext& context) {
  report_pulse(in, planner, context);
  report_edges(edges_of(in, planner), std::nullopt, in.grid, context);
  const NamedPulse named{"", &in};
  const SpectrumRange range{config.range_db, config.shortest_wavelength_m, config.longest_wavelength_m};
  context.plot("power", power_plot("Power", {&named, 1}));
  context.plot("spectrum", spectrum_plot("Spectrum", {&named, 1}, range, planner));
  context.checkpoint();
  context.plot("spectrogram", spectrogram_plot(in, config.gate_fwhm_s, config.delays, range, planner));
  WavelengthSpectrum spectrum = wavelength_spectrum(frequency_spectrum(in, planner));
  return {times_s(in.grid), power_w(in), std::move(spectrum.wavelength_m), std::move(spectrum.energy_j_per_m)};
}

// A stage of one input that runs `function` with the planner.
template <class ConfigT, class Function>
StagePtr one_input_stage(Identity stage, const ConfigT& config, PlannerPtr planner, Function function) {
  const std::string version = version_of(stage, *planner);
  return make_stage(stage.name, version, config,
                    [planner = std::move(planner), function](const ConfigT& c, const Pulse& in, StageContext& context) {
                      return function(c, in, *planner, context);
                    });
}

template <class ConfigT>
StageKind kind_of(Identity stage, std::size_t inputs, StagePtr (*make)(const ConfigT&, PlannerPtr),
                  const PlannerPtr& planner) {
  return {.name = stage.name,
          .version = version_of(stage, *planner),
          .config_schema = Config<ConfigT>::schema(),
          .input_count = inputs,
          .make = [make, planner](const Json& json) { return make(Config<ConfigT>::from_json(json).get(), planner); }};
}

}  // namespace

PlannerPtr make_planner() { return std::make_shared<const FftPlanner>(); }

StagePtr make_pulse_stage(const PulseConfig& config, PlannerPtr planner) {
  const std::string version = version_of(kPulse, *planner);
  return make_stage(kPulse.name, version, config,
                    [planner = std::move(planner)](const PulseConfig& c, StageContext& context) {
                      return run_source(c, *planner, context);
                    });
}

StagePtr make_fiber_stage(const FiberConfig& config, PlannerPtr planner) {
  return one_input_stage(kFiber, config, std::move(planner), run_fiber);
}

StagePtr make_gain_stage(const GainConfig& config, PlannerPtr planner) {
  return one_input_stage(kGain, config, std::move(planner), run_gain);
}

StagePtr make_filter_stage(const FilterConfig& config, PlannerPtr planner) {
  return one_input_stage(kFilter, config, std::move(planner), run_filter);
}

StagePtr make_compressor_stage(const CompressorConfig& config, PlannerPtr planner) {
  return one_input_stage(kCompressor, config, std::move(planner), run_compressor);
}

StagePtr make_diagnostics_stage(const DiagnosticsConfig& config, PlannerPtr planner) {
  return one_input_stage(kDiagnostics, config, std::move(planner), run_diagnostics);
}

void register_stages(StageRegistry& registry, const PlannerPtr& planner) {
  registry.add(kind_of<PulseConfig>(kPulse, 0, make_pulse_stage, planner))
      .add(kind_of<FiberConfig>(kFiber, 1, make_fiber_stage, planner))
      .add(kind_of<GainConfig>(kGain, 1, make_gain_stage, planner))
      .add(kind_of<FilterConfig>(kFilter, 1, make_filter_stage, planner))
      .add(kind_of<CompressorConfig>(kCompressor, 1, make_compressor_stage, planner))
      .add(kind_of<DiagnosticsConfig>(kDiagnostics, 1, make_diagnostics_stage, planner));
}

}  // namespace neve::optics
