#pragma once

#include <neve/optics/fft_planner.hpp>
#include <neve/optics/pulse.hpp>

#include "aligned.hpp"

namespace neve::optics {

/// The pulse's a_k (see `Grid`), [points] in FFT order.
[[nodiscard]] ComplexArray to_spectrum(const Pulse& pulse, const FftPlanner& planner);

/// The pulse with the given a_k.
[[nodiscard]] Pulse from_spectrum(const Grid& grid, const ComplexArray& spectrum, const FftPlanner& planner);

}  // namespace neve::optics
