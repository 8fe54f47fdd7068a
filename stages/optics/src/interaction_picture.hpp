#pragma once

#include "linear_tables.hpp"
#include "nonlinear_term.hpp"

namespace neve::optics {

/// One-step integrator of da/dz = D a + N(a): fourth-order Runge-Kutta in the interaction picture (Hult 2007, eq.
/// 11-17) whose last evaluation is the first of the next step and also gives a third-order solution to compare with
/// (Balac and Mahe 2013, ERK4(3)-IP). Four evaluations of N a step. Owns its state and scratch; not thread-safe.
class InteractionPicture {
 public:
  InteractionPicture(ComplexArray initial, LinearTables linear, NonlinearTerm nonlinear);

  /// Tries a step of `h` from the current state; returns the local error relative to the new field, both as L2 norms:
  /// the larger of two estimates, see `finish`. Nothing changes until `accept`.
  [[nodiscard]] double attempt(double h);

  /// Makes the last attempt the current state.
  void accept();

  [[nodiscard]] const ComplexArray& state() const noexcept { return state_; }

  /// What `accept` would make the current state.
  [[nodiscard]] const ComplexArray& attempted() const noexcept { return next_state_; }

  /// The share of its energy that is at the edge of the time window. It costs next to nothing here, where the field in
  /// time is at hand.
  [[nodiscard]] double attempted_time_edge() const noexcept { return next_time_edge_; }

  /// The solution inside the last attempted step, at `fraction` (0 to 1) of it: cubic Hermite interpolation in the
  /// interaction picture, of the integrator's own order. Call before `accept`.
  void interpolate(double fraction, ComplexArray& out) const;

 private:
  void begin(double h);
  void second(double h);
  void third(double h);
  void fourth(double h);
  [[nodiscard]] double finish(double h);

  LinearTables linear_;
  NonlinearTerm nonlinear_;
  ComplexArray state_, slope_;            // u and N(u) at the start of the step
  ComplexArray next_state_, next_slope_;  // and at its end
  ComplexArray rotated_;                  // u_I: the state carried half a step by D alone
  ComplexArray sum_;                      // k1 + 2 k2, then everything of the result but k4
  ComplexArray trial_;                    // argument of the next evaluation of N
  ComplexArray k4_;
  ComplexArray rise_;                   // k1 - k2, then k1 - (k2 + k3)/2, and
  ComplexArray bend_;                   // k1 - k2 - k3, both carried to the end of the step
  const Complex* half_step_ = nullptr;  // exp(h/2 D)
  double h_ = 0;
  double next_time_edge_ = 0;
};

}  // namespace neve::optics
