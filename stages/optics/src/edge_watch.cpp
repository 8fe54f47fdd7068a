#include "edge_watch.hpp"

#include <algorithm>
#include <cmath>

#include "edges.hpp"
#include "fft_plans.hpp"
#include "linear_tables.hpp"

namespace neve::optics {

EdgeWatch::EdgeWatch(const Grid& grid, const Fiber& fiber, const FftPlanner& planner)
    : planner_(planner), window_s_(grid.window_s()), blue_end_(grid.points / 2), delays_s_per_m_(grid.points) {
  for (std::size_t k = 0; k < grid.points; ++k) {
    delays_s_per_m_[k] = delay_s_per_m(fiber.betas, grid.offset_rad_per_s(k));
    largest_delay_s_per_m_ = std::max(largest_delay_s_per_m_, std::abs(delays_s_per_m_[k]));
  }
}

void EdgeWatch::see_start(const Pulse& pulse, const ComplexArray& spectrum) {
  time_fraction_ = share_near(pulse.field, 0);
  spectrum_fraction_ = share_near(spectrum, blue_end_);
}

void EdgeWatch::see_step(const InteractionPicture& solver, double h_m) {
  time_fraction_ = std::max(time_fraction_, solver.attempted_time_edge());
  spectrum_fraction_ = std::max(spectrum_fraction_, share_near(solver.attempted(), blue_end_));
  constexpr double kHalfAnEdge = 0.025;
  if (h_m * largest_delay_s_per_m_ > kHalfAnEdge * window_s_) look_within(solver, h_m);
}

void EdgeWatch::look_within(const InteractionPicture& solver, double h_m) {
  const Drift drift = drift_of(solver.attempted(), delays_s_per_m_, h_m, window_s_);
  time_fraction_ = std::max(time_fraction_, drift.lost);
  if (drift.looks > 1) field_.resize(delays_s_per_m_.size());
  for (std::size_t look = 1; look < drift.looks; ++look) {
    solver.interpolate(static_cast<double>(look) / static_cast<double>(drift.looks), spectrum_);
    planner_.plans(field_.size())->to_time(spectrum_.data(), field_.data());
    time_fraction_ = std::max(time_fraction_, share_near(field_, 0));
  }
}

}  // namespace neve::optics
