#pragma once

#include <neve/optics/fft_planner.hpp>
#include <neve/optics/pulse.hpp>
#include <neve/pipeline/stage_context.hpp>

namespace neve::optics {

/// Reports what every pulse has: see stages.hpp for the names.
void report_pulse(const Pulse& pulse, const FftPlanner& planner, StageContext& context);

}  // namespace neve::optics
