#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include <neve/optics/fft_planner.hpp>
#include <neve/optics/pulse.hpp>

namespace neve::optics {

/// Delayed nonlinear response of the glass, one damped oscillator:
///   R(t) = (1 - fraction) delta(t) + fraction (tau1^2 + tau2^2) / (tau1 tau2^2) exp(-t/tau2) sin(t/tau1),  t > 0.
/// The defaults are those of fused silica: K. J. Blow, D. Wood, IEEE J. Quantum Electron. 25, 2665 (1989).
struct RamanResponse {
  double fraction = 0.18;
  double tau1_s = 12.2e-15;
  double tau2_s = 32e-15;
};

/// A piece of fibre. A plain value.
struct Fiber {
  double length_m = 0;
  std::vector<double> betas{};           ///< beta2, beta3, ... at the carrier, in s^2/m, s^3/m, ...; any number of them
  double gamma_per_w_m = 0;              ///< nonlinear coefficient at the carrier, 1/(W m)
  bool self_steepening = true;           ///< nonlinearity in proportion to 1 + W tau; none below 1 + W tau = 0
  std::optional<double> shock_time_s{};  ///< tau; without it 1/w0
  std::optional<RamanResponse> raman = RamanResponse{};  ///< without it the response is instantaneous
  double loss_db_per_m = 0;                              ///< of the power; negative means gain

  /// Throws `invalid_argument`, naming the field, if a value is not finite or out of range.
  void check() const;
};

/// beta_m in s^m/m from the customary ps^m/km, for m = 2, 3, ... in order.
[[nodiscard]] std::vector<double> betas_from_ps_per_km(std::span<const double> betas);

/// How the integrator chooses its steps.
struct Stepping {
  double tolerance = 1e-6;             ///< local error of one step relative to the field, both in the L2 norm
  std::optional<std::size_t> steps{};  ///< this many equal steps, without error control but that the field stays finite
  std::size_t max_steps = 10'000'000;  ///< give up beyond that
};

/// What a caller may watch and stop. Every callback runs on the calling thread; an exception from one ends the run.
struct PropagationWatch {
  std::stop_token stop{};                  ///< asked before every step
  std::function<void(double)> progress{};  ///< the fraction of the length done, after every step
  std::size_t snapshots = 0;               ///< planes to show, evenly spaced from 0 to the length, ends included
  /// `spectrum` is [points] of a_k (see `Grid`) at distance `z_m`; borrowed for the call. Planes between two steps are
  /// interpolated to the integrator's order, so watching never changes the result.
  std::function<void(double z_m, std::span<const Complex> spectrum)> snapshot{};
};

/// What a propagation cost and how far its result can be trusted.
struct PropagationReport {
  std::size_t steps = 0;
  std::size_t rejected_steps = 0;
  double smallest_step_m = 0;
  double largest_step_m = 0;
  /// Relative change of what the equation conserves once loss is taken out: the photon number with self-steepening (for
  /// tau = 1/w0), the energy without. It is an error estimate, not physics.
  double invariant_drift = 0;
  /// The largest share of the energy that was, anywhere along the fibre, in the outer 5 % of the time window (2.5 % at
  /// either end; light that one step carries through all of the window counts as well), and in that of the frequency
  /// window. Beyond the edge it comes in again on the other side, as both grids are periodic: the field is wrong by
  /// about the square root of the share, 1 % at 1e-4.
  double time_edge_fraction = 0;
  double spectrum_edge_fraction = 0;
};

/// Result of `propagate`.
struct Propagation {
  Pulse pulse;
  PropagationReport report;
};

/// Propagates a pulse through a fibre by the generalised nonlinear Schroedinger equation
///   da/dz = (i sum_m beta_m W^m / m! - alpha/2) a + i gamma (1 + W tau) F{ A (R * |A|^2) }.
///
/// Method: fourth-order Runge-Kutta in the interaction picture, four evaluations of the nonlinear term a step. For the
///   step size the error is the larger of what an embedded third-order solution and what the quadrature along the step
///   say; docs/decisions/two-estimates-of-a-step.md has the reason. Step sizes are length / 2^(k/4), so the tables of
///   the linear part are reused. The frame moves with the group velocity at the carrier.
/// Errors: `invalid_argument` for bad input, or when the step shrinks to nothing or `max_steps` is reached;
/// `cancelled`. Cost and threads: per step 16 FFTs, half of them real (8 without Raman); nothing is allocated after the
/// start. Safe
///   from any thread. The same input gives the same bits in every process on one machine.
/// Source: J. M. Dudley, G. Genty, S. Coen, Rev. Mod. Phys. 78, 1135 (2006), eq. 3; J. Hult, J. Lightwave Technol. 25,
///   3770 (2007); S. Balac, F. Mahe, Comput. Phys. Commun. 184, 1211 (2013).
[[nodiscard]] Propagation propagate(const Pulse& pulse, const Fiber& fiber, const FftPlanner& planner,
                                    const Stepping& stepping = {}, const PropagationWatch& watch = {});

}  // namespace neve::optics
