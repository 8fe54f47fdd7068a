#pragma once

#include <optional>

#include <neve/optics/fft_planner.hpp>
#include <neve/optics/pulse.hpp>
#include <neve/pipeline/stage_context.hpp>

namespace neve::optics {

/// Reports what every pulse has: see stages.hpp for the names.
void report_pulse(const Pulse& pulse, const FftPlanner& planner, StageContext& context);

/// The largest shares of the light that were at the edges of the two windows.
struct EdgeFractions {
  double time = 0;
  double spectrum = 0;
};

/// Reports them as `time_edge_fraction` and `spectrum_edge_fraction`, and warns above 1e-4, saying what to do about it.
/// Throws `invalid_argument` above `largest`, if there is a largest; one of 1 means that nothing is amiss.
void report_edges(const EdgeFractions& edges, std::optional<double> largest, const Grid& grid, StageContext& context);

}  // namespace neve::optics
