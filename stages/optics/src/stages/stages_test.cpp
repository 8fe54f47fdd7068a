#include <neve/optics/stages.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <stop_token>

#include <neve/base/error.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/optics/diagnostics.hpp>
#include <neve/pipeline/pipeline.hpp>

#include "support/refusal.hpp"
#include "support/temporary_folder.hpp"

namespace neve::optics {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

PulseConfig small_pulse() {
  PulseConfig config;
  config.fwhm_s = 100e-15;
  config.energy_j = 1e-9;
  config.points = 512;
  config.window_s = 4e-12;
  return config;
}

FiberConfig small_fiber() {
  FiberConfig config;
  config.length_m = 0.2;
  config.betas_ps_per_km = {-20.0, 0.1};
  config.gamma_per_w_m = 0.002;
  config.planes = 20;
  return config;
}

/// Every stage once, in a sensible order.
Pipeline laser() {
  const PlannerPtr planner = make_planner();
  GainConfig gain;
  gain.small_signal_gain_db = 10;
  gain.saturation_energy_j = 5e-9;
  gain.bandwidth_m = 60e-9;
  Pipeline chain("laser");
  chain.add("pulse", make_pulse_stage(small_pulse(), planner))
      .add("filter", make_filter_stage({.center_m = 1550e-9, .fwhm_m = 20e-9}, planner))
      .add("gain", make_gain_stage(gain, planner))
      .add("fiber", make_fiber_stage(small_fiber(), planner))
      .add("compressor", make_compressor_stage({}, planner))
      .add("light", make_diagnostics_stage({.delays = 40}, planner));
  return chain;
}

std::vector<std::string> names_of(const std::vector<Artifact>& artifacts) {
  std::vector<std::string> names;
  for (const Artifact& artifact : artifacts) names.push_back(artifact.name);
  return names;
}

TEST(OpticsStages, AHitGivesEverythingTheMissGave) {
  MemoryCache cache(MemoryCacheOptions{});
  const Pipeline chain = laser();
  const RunResult cold = chain.run({.cache = &cache});
  const RunResult warm = chain.run({.cache = &cache});
  ASSERT_EQ(cold.stages.size(), 6U);
  for (const auto& [node, result] : cold.stages) {
    EXPECT_FALSE(result->provenance.cache.hit) << node;
    EXPECT_TRUE(warm.at(node).provenance.cache.hit) << node;
    EXPECT_EQ(result->state, warm.at(node).state) << node;
    EXPECT_EQ(result->metrics, warm.at(node).metrics) << node;
    EXPECT_EQ(names_of(result->artifacts), names_of(warm.at(node).artifacts)) << node;
  }
}

TEST(OpticsStages, ReportTheMetricsAndPicturesTheyPromise) {
  const RunResult result = laser().run();
  EXPECT_THAT(names_of(result.at("fiber").artifacts),
              ElementsAre("spectral_evolution", "spectrum", "temporal_evolution"));
  EXPECT_THAT(names_of(result.at("light").artifacts), ElementsAre("power", "spectrogram", "spectrum"));
  const Metrics& fiber = result.at("fiber").metrics;
  EXPECT_NEAR(fiber.at("energy_j"), energy_j(result.get<Pulse>("fiber")), 1e-20);
  EXPECT_LT(std::abs(fiber.at("photon_drift")), 1e-4);
  EXPECT_GT(fiber.at("steps"), 1);
  EXPECT_GT(result.at("gain").metrics.at("energy_gain"), 2);
  EXPECT_LT(result.at("filter").metrics.at("energy_transmission"), 1);
  EXPECT_LE(result.at("compressor").metrics.at("fwhm_s"), fiber.at("fwhm_s"));
  const auto curves = result.get<PulseCurves>();
  EXPECT_EQ(curves.time_s.size(), curves.power_w.size());
  EXPECT_EQ(curves.wavelength_m.size(), curves.energy_j_per_m.size());
}

TEST(OpticsStages, PlanesShowButDoNotChangeTheResult) {
  FiberConfig blind = small_fiber();
  blind.planes = 0;
  Pipeline watched("p");
  watched.add("pulse", make_pulse_stage(small_pulse())).add("fiber", make_fiber_stage(small_fiber()));
  Pipeline unwatched("p");
  unwatched.add("pulse", make_pulse_stage(small_pulse())).add("fiber", make_fiber_stage(blind));
  const RunResult result = unwatched.run();
  EXPECT_EQ(watched.run().output().state, result.output().state);
  EXPECT_THAT(names_of(result.output().artifacts), ElementsAre("spectrum"));
}

TEST(OpticsStages, FiberStopsWhenTheRunIsCancelledAndTellsHowFarItIs) {
  std::stop_source source;
  double reached = 0;
  StageContext context({.stop = source.get_token(), .on_progress = [&](double fraction, std::string_view) {
                          reached = fraction;
                          if (fraction > 0.25) source.request_stop();
                        }});
  const State pulse =
      StateCodec<Pulse>::encode(make_pulse(Grid::make(512, 4e-12, 1550e-9), {.fwhm_s = 1e-13, .energy_j = 1e-9}));
  const StagePtr fiber = make_fiber_stage(small_fiber());
  try {
    (void)fiber->run({&pulse, 1}, context);
    FAIL() << "the propagation was not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
  EXPECT_GT(reached, 0.25);
  EXPECT_LT(reached, 0.75);
}

// The metrics of an unchirped Gaussian in closed form: RMS duration T0 / sqrt 2, spectral FWHM 2 ln2 / (pi FWHM), and
// sqrt(20 / 3.0103) times that 20 dB down. Tolerances: linear interpolation, and 1e-3 for wavelength against frequency.
TEST(OpticsStages, ReportAGaussiansMetricsInClosedForm) {
  PulseConfig config;
  config.shape = PulseShape::gaussian;
  config.fwhm_s = 500e-15;
  config.energy_j = 1e-9;
  config.window_s = 40e-12;
  const Metrics metrics = Pipeline("p").add("pulse", make_pulse_stage(config)).run().at("pulse").metrics;
  const double t0_s = width_parameter_s(PulseShape::gaussian, 500e-15);
  const double fwhm_m = 2 * std::numbers::ln2 / (std::numbers::pi * 500e-15) * 1550e-9 * 1550e-9 / kSpeedOfLight;
  const auto expect = [&](const char* name, double value, double tolerance) {
    EXPECT_NEAR(metrics.at(name), value, tolerance * value) << name;
  };
  expect("energy_j", 1e-9, 1e-9);
  expect("peak_power_w", 1e-9 / (std::sqrt(std::numbers::pi) * t0_s), 1e-9);
  expect("fwhm_s", 500e-15, 1e-3);
  expect("rms_duration_s", t0_s / std::numbers::sqrt2, 1e-6);
  expect("photon_number", 1e-9 * 1550e-9 / (kPlanck * kSpeedOfLight), 1e-4);
  expect("spectrum_fwhm_m", fwhm_m, 5e-3);
  expect("bandwidth_20db_m", fwhm_m * std::sqrt(20 / (10 * std::log10(2.0))), 5e-3);
}

struct Outcome {
  std::vector<std::string> warnings;
  std::string error;
  Metrics metrics;
};

Outcome outcome_of(const StagePtr& stage, const Pulse& pulse) {
  Outcome outcome;
  StageContext context({.on_warning = [&](std::string_view text) { outcome.warnings.emplace_back(text); }});
  const State state = StateCodec<Pulse>::encode(pulse);
  try {
    (void)stage->run({&state, 1}, context);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    outcome.error = error.what();
  }
  outcome.metrics = context.metrics();
  return outcome;
}

Pulse gaussian(double window_s, std::size_t points = 4096) {
  return make_pulse(Grid::make(points, window_s, 1550e-9),
                    {.shape = PulseShape::gaussian, .fwhm_s = 100e-15, .energy_j = 1e-9});
}

// 0.1 m of the default gratings stretch 100 fs to 22 ps, more than the window of 10 ps holds. A dispersion of 1.5e-25
// s^2 leaves 4 ps, whose wings reach the edge a little.
TEST(OpticsStages, CompressorTellsOfLightThatLeavesTheTimeWindow) {
  CompressorConfig config{.mode = CompressorMode::gratings, .separation_m = 0.1};
  const Outcome lost = outcome_of(make_compressor_stage(config), gaussian(10e-12));
  EXPECT_THAT(lost.error, AllOf(HasSubstr("time window of 1e-11 s"), HasSubstr("longer window_s")));
  config.largest_edge_fraction = 1;
  const Outcome periodic = outcome_of(make_compressor_stage(config), gaussian(10e-12));
  EXPECT_EQ(periodic.error, "");
  EXPECT_THAT(periodic.warnings, ElementsAre());
  EXPECT_GT(periodic.metrics.at("time_edge_fraction"), 0.01);

  const CompressorConfig milder{.mode = CompressorMode::fixed, .gdd_s2 = 1.5e-25};
  const Outcome doubtful = outcome_of(make_compressor_stage(milder), gaussian(10e-12));
  EXPECT_EQ(doubtful.error, "");
  EXPECT_THAT(doubtful.warnings, ElementsAre(HasSubstr("longer window_s")));
  EXPECT_THAT(outcome_of(make_compressor_stage(milder), gaussian(40e-12)).warnings, ElementsAre());
}

TEST(OpticsStages, FilterTellsOfARingingLongerThanTheTimeWindow) {
  const FilterConfig narrow{.fwhm_m = 0.2e-9};  // 18 ps
  EXPECT_THAT(outcome_of(make_filter_stage(narrow), gaussian(10e-12)).error, HasSubstr("time window"));
  EXPECT_EQ(outcome_of(make_filter_stage(narrow), gaussian(200e-12, 32768)).error, "");
}

// What is behind it is rounding, which fills the window evenly.
TEST(OpticsStages, FilterThatPassesNothingHasNothingToTell) {
  const Outcome outcome = outcome_of(make_filter_stage({.center_m = 1030e-9, .fwhm_m = 1e-9}), gaussian(10e-12));
  EXPECT_EQ(outcome.error, "");
  EXPECT_LT(outcome.metrics.at("energy_transmission"), 1e-28);
}

TEST(OpticsStages, GainTellsOfALineNarrowerThanTheTimeWindowResolves) {
  const GainConfig narrow{.small_signal_gain_db = 60, .bandwidth_m = 0.2e-9};
  EXPECT_THAT(outcome_of(make_gain_stage(narrow), gaussian(10e-12)).error, HasSubstr("time window"));
}

TEST(OpticsStages, FiberTellsOfASpectrumThatLeavesTheFrequencyWindow) {
  FiberConfig fiber;
  fiber.length_m = 1;
  fiber.gamma_per_w_m = 0.1;  // 1 nJ in 100 fs: some 900 rad of nonlinear phase
  fiber.tolerance = 1e-3;
  fiber.planes = 0;
  EXPECT_THAT(outcome_of(make_fiber_stage(fiber), gaussian(10e-12)).error,
              AllOf(HasSubstr("frequency window"), HasSubstr("more points over the same window_s")));
}

TEST(OpticsStages, DiagnosticsOnlyWarnOfLightAtTheEdges) {
  Pulse even = gaussian(10e-12);
  std::fill(even.field.begin(), even.field.end(), 1.0);
  const Outcome outcome = outcome_of(make_diagnostics_stage({.delays = 2}), even);
  EXPECT_EQ(outcome.error, "");
  EXPECT_THAT(outcome.warnings, ElementsAre(HasSubstr("longer window_s")));
}

TEST(OpticsStages, EveryPlannerHasItsOwnKeys) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "wisdom";
  measure_wisdom(file, std::array<std::size_t, 1>{16});
  const auto measured = std::make_shared<const FftPlanner>(file);
  EXPECT_NE(make_fiber_stage(small_fiber(), measured)->version(), make_fiber_stage(small_fiber())->version());
  EXPECT_EQ(make_fiber_stage(small_fiber())->version(), "3+fft.estimate");
}

TEST(OpticsStages, AreRegisteredUnderTheirNames) {
  StageRegistry registry;
  register_stages(registry);
  EXPECT_THAT(registry.names(), ElementsAre("optics.compressor", "optics.diagnostics", "optics.fiber", "optics.filter",
                                            "optics.gain", "optics.pulse"));
  for (const std::string& name : registry.names()) {
    EXPECT_EQ(registry.kind(name).input_count, name == "optics.pulse" ? 0U : 1U) << name;
    EXPECT_FALSE(registry.kind(name).config_schema.empty()) << name;
  }
}

std::string refusal(const std::string& stage, const Json& config) {
  StageRegistry registry;
  register_stages(registry);
  return refusal_of([&] { (void)registry.make(stage, config); });
}

TEST(OpticsStages, RefuseSettingsThatCannotBeMeant) {
  EXPECT_THAT(refusal("optics.fiber", {{"lenght_m", 0.1}}), HasSubstr("length_m"));
  EXPECT_THAT(refusal("optics.fiber", {{"length_m", -0.1}}), HasSubstr("length_m"));
  EXPECT_THAT(refusal("optics.fiber", {{"planes", 1}}), HasSubstr("planes"));
  EXPECT_THAT(refusal("optics.pulse", {{"fwhm_s", 1e-13}}), HasSubstr("exactly one of peak_power_w and energy_j"));
  EXPECT_THAT(refusal("optics.pulse", {{"energy_j", 1e-9}, {"points", 1000}}), HasSubstr("points"));
  EXPECT_THAT(refusal("optics.pulse", {{"energy_j", 1e-9}, {"shape", "sec"}}), HasSubstr("sech"));
  EXPECT_THAT(refusal("optics.compressor", {{"lowest_gdd_s2", -1e-26}}), HasSubstr("highest_gdd_s2"));
}

TEST(PulseState, SurvivesTheWayThroughAState) {
  const Pulse pulse = make_pulse(Grid::make(256, 3e-12, 835e-9), {.fwhm_s = 1e-13, .peak_power_w = 3, .chirp = 1});
  const Pulse back = StateCodec<Pulse>::decode(StateCodec<Pulse>::encode(pulse));
  EXPECT_EQ(back.grid, pulse.grid);
  EXPECT_EQ(back.field, pulse.field);
}

TEST(PulseState, RefusesWhatIsNoPulse) {
  State state;
  state.meta["type"] = "lattice";
  EXPECT_THROW((void)StateCodec<Pulse>::decode(state), Error);
  State crooked =
      StateCodec<Pulse>::encode(make_pulse(Grid::make(256, 3e-12, 835e-9), {.fwhm_s = 1e-13, .peak_power_w = 3}));
  crooked.arrays.insert_or_assign("field", Array::from(std::vector<Complex>(100)));
  EXPECT_THROW((void)StateCodec<Pulse>::decode(crooked), Error);
}

// Comparisons drop a NaN, so a stage would report a width and a peak of what is no pulse.
TEST(PulseState, RefusesSamplesThatAreNotFinite) {
  Pulse pulse = make_pulse(Grid::make(256, 3e-12, 835e-9), {.fwhm_s = 1e-13, .peak_power_w = 3});
  pulse.field[3] = std::nan("");
  try {
    (void)StateCodec<Pulse>::decode(StateCodec<Pulse>::encode(pulse));
    FAIL() << "a pulse with a NaN was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("sample 3"));
  }
}

}  // namespace
}  // namespace neve::optics
