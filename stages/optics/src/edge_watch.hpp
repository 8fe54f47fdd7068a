#pragma once

#include <neve/optics/fiber.hpp>

#include "aligned.hpp"
#include "interaction_picture.hpp"

namespace neve::optics {

/// Remembers the largest share of the light that was at the edge of either window along a fibre. Looks at the end of
/// every step, and within those that carry light over more than half an edge. Not thread-safe.
class EdgeWatch {
 public:
  /// `planner` must outlive this.
  EdgeWatch(const Grid& grid, const Fiber& fiber, const FftPlanner& planner);

  void see_start(const Pulse& pulse, const ComplexArray& spectrum);

  /// The step of `h_m` that the solver attempted last, before it is accepted.
  void see_step(const InteractionPicture& solver, double h_m);

  [[nodiscard]] double time_fraction() const noexcept { return time_fraction_; }
  [[nodiscard]] double spectrum_fraction() const noexcept { return spectrum_fraction_; }

 private:
  void look_within(const InteractionPicture& solver, double h_m);

  const FftPlanner& planner_;
  double window_s_;
  std::size_t blue_end_;      // where the frequency window's ends meet, in FFT order
  RealArray delays_s_per_m_;  // of every bin
  double largest_delay_s_per_m_ = 0;
  ComplexArray spectrum_, field_;
  double time_fraction_ = 0;
  double spectrum_fraction_ = 0;
};

}  // namespace neve::optics
