// The supercontinuum of supercontinuum.yaml, built in C++: stages as objects, results as C++ types.
//
//   supercontinuum [LENGTH_M [CACHE_URL]]
//
// Run it twice: the second run finds the propagation in the cache.
#include <exception>
#include <iostream>
#include <string>

#include <neve/cache/open_cache.hpp>
#include <neve/optics/stages.hpp>
#include <neve/pipeline/pipeline.hpp>

namespace {

using namespace neve::optics;  // NOLINT(google-build-using-namespace): a program, and a short one

neve::Pipeline supercontinuum(double length_m) {
  PulseConfig pulse;
  pulse.fwhm_s = 50e-15;
  pulse.peak_power_w = 10e3;
  pulse.wavelength_m = 835e-9;
  pulse.points = 8192;
  pulse.window_s = 12.5e-12;

  FiberConfig fiber;
  fiber.length_m = length_m;
  fiber.gamma_per_w_m = 0.11;
  fiber.betas_ps_per_km = {-11.830,    8.1038e-2,   -9.5205e-5, 2.0737e-7,  -5.3943e-10,
                           1.3486e-12, -2.5495e-15, 3.0524e-18, -1.7140e-21};

  const PlannerPtr planner = make_planner();
  neve::Pipeline chain("supercontinuum");
  chain.add("pulse", make_pulse_stage(pulse, planner))
      .add("fiber", make_fiber_stage(fiber, planner))
      .add("light", make_diagnostics_stage({.gate_fwhm_s = 60e-15}, planner));
  return chain;
}

void run(double length_m, const std::string& cache_url) {
  const auto cache = neve::open_cache(cache_url);
  const neve::RunResult result = supercontinuum(length_m).run({.cache = cache.get()});
  std::cout << result.report.table();

  const auto curves = result.get<PulseCurves>();
  const neve::Metrics& metrics = result.at("fiber").metrics;
  std::cout << "After " << length_m * 100 << " cm: " << metrics.at("bandwidth_20db_m") * 1e9 << " nm wide at -20 dB, "
            << metrics.at("steps") << " steps, photon number kept to " << metrics.at("photon_drift") << ", "
            << curves.wavelength_m.size() << " points of spectrum.\n";
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc > 1 ? std::stod(argv[1]) : 0.15, argc > 2 ? argv[2] : "disk:.neve");
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "supercontinuum: " << error.what() << '\n';
    return 1;
  }
}
