#include <neve/optics/fiber.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "check.hpp"
#include "edge_watch.hpp"
#include "interaction_picture.hpp"
#include "snapshots.hpp"
#include "step_control.hpp"
#include "transform.hpp"

namespace neve::optics {
namespace {

double invariant(const ComplexArray& spectrum, const RealArray& shock) {
  double sum = 0;
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    if (shock[k] > 0) sum += std::norm(spectrum[k]) / shock[k];
  }
  return sum;
}

// No step that the nonlinearity or dispersion turns far in: three points along a step that hold whole turns would look
// as if nothing turned at all. From there the error says whether steps may double.
double first_guess_m(const Pulse& pulse, const Fiber& fiber, double phase_span_per_m) {
  double peak_w = 0;
  for (const Complex& a : pulse.field) peak_w = std::max(peak_w, std::norm(a));
  const double rate = std::abs(fiber.gamma_per_w_m) * peak_w;
  if (rate == 0) return fiber.length_m;
  constexpr double kLargestTurn = 1;  // rad
  return std::min({fiber.length_m, 0.1 / rate, kLargestTurn / phase_span_per_m});
}

void check(const Stepping& stepping, const PropagationWatch& watch) {
  if (!stepping.steps) require_within("the tolerance", stepping.tolerance, 1e-14, 0.1);
  if (stepping.steps && *stepping.steps == 0) refuse("the number of steps", 0, "at least 1");
  if (watch.snapshots == 1) refuse("the number of snapshots", 1, "0, or at least 2");
}

/// Walks a solver from one end of the fibre to the other, and counts.
class Walk {
 public:
  Walk(InteractionPicture& solver, EdgeWatch& edges, double length_m, double guess_m, const Stepping& stepping,
       const PropagationWatch& watch)
      : solver_(solver),
        edges_(edges),
        length_m_(length_m),
        equal_steps_(stepping.steps.has_value()),
        most_steps_(stepping.steps ? *stepping.steps : stepping.max_steps),
        watch_(watch),
        control_(length_m, guess_m, stepping),
        snapshots_(watch, length_m) {}

  PropagationReport run() {
    snapshots_.show_start(solver_.state());
    for (bool arrived = false; !arrived;) {
      require_not_stopped();
      const double h_m = control_.step_from(z_m_);
      const double error = solver_.attempt(h_m);
      if (control_.accepts(h_m, error)) {
        arrived = control_.is_last();
        step(h_m, arrived);
      } else {
        ++report_.rejected_steps;
        require_progress(h_m);
      }
    }
    return report_;
  }

 private:
  void step(double h_m, bool last) {
    require_steps_left();
    snapshots_.show_within(solver_, z_m_, h_m, last);
    edges_.see_step(solver_, h_m);
    solver_.accept();
    report_.smallest_step_m = report_.steps == 0 ? h_m : std::min(report_.smallest_step_m, h_m);
    report_.largest_step_m = std::max(report_.largest_step_m, h_m);
    ++report_.steps;
    z_m_ += h_m;
    if (watch_.progress) watch_.progress(last ? 1.0 : std::min(z_m_ / length_m_, 1.0));
  }

  void require_not_stopped() const {
    if (!watch_.stop.stop_requested()) return;
    throw Error(ErrorCode::cancelled, fmt::format("the propagation was stopped at {:g} m of {:g} m", z_m_, length_m_));
  }

  void require_steps_left() const {
    if (report_.steps < most_steps_) return;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{} steps reached only {:g} m of {:g} m; allow more steps, or a "
                            "larger tolerance",
                            report_.steps, z_m_, length_m_));
  }

  void require_progress(double h_m) const {
    if (!control_.is_exhausted()) return;
    if (equal_steps_) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("the field is not finite after an equal step of {:g} m from {:g} m; use more steps, or "
                              "error control",
                              h_m, z_m_));
    }
    throw Error(ErrorCode::invalid_argument,
                fmt::format("no step is small enough at {:g} m; the field is not finite there, or the grid does not "
                            "resolve it: use more points, or a larger tolerance",
                            z_m_));
  }

  InteractionPicture& solver_;
  EdgeWatch& edges_;
  double length_m_;
  bool equal_steps_;
  std::size_t most_steps_;
  const PropagationWatch& watch_;
  StepControl control_;
  Snapshots snapshots_;
  double z_m_ = 0;
  PropagationReport report_;
};

}  // namespace

std::vector<double> betas_from_ps_per_km(std::span<const double> betas) {
  std::vector<double> si(betas.size());
  for (std::size_t i = 0; i < betas.size(); ++i) {
    si[i] = betas[i] * std::pow(1e-12, static_cast<double>(i + 2)) * 1e-3;
  }
  return si;
}

void Fiber::check() const {
  require_positive("the fibre's length (m)", length_m);
  for (std::size_t i = 0; i < betas.size(); ++i) require_finite(fmt::format("beta{} (s^{}/m)", i + 2, i + 2), betas[i]);
  require_finite("gamma (1/(W m))", gamma_per_w_m);
  require_finite("the loss (dB/m)", loss_db_per_m);
  if (shock_time_s) require_not_negative("the shock time (s)", *shock_time_s);
  if (!raman) return;
  require_within("the Raman fraction", raman->fraction, 0, 1);
  require_positive("the Raman time tau1 (s)", raman->tau1_s);
  require_positive("the Raman time tau2 (s)", raman->tau2_s);
}

Propagation propagate(const Pulse& pulse, const Fiber& fiber, const FftPlanner& planner, const Stepping& stepping,
                      const PropagationWatch& watch) {
  pulse.check();
  fiber.check();
  check(stepping, watch);
  ComplexArray spectrum = to_spectrum(pulse, planner);
  const RealArray shock = shock_factors(pulse.grid, fiber);
  const double before = invariant(spectrum, shock);
  EdgeWatch edges(pulse.grid, fiber, planner);
  edges.see_start(pulse, spectrum);
  LinearTables linear(pulse.grid, fiber);
  const double guess_m = first_guess_m(pulse, fiber, linear.phase_span_per_m(spectrum));
  InteractionPicture solver(std::move(spectrum), std::move(linear),
                            NonlinearTerm(pulse.grid, fiber, planner.plans(pulse.grid.points)));
  Propagation result;
  result.report = Walk(solver, edges, fiber.length_m, guess_m, stepping, watch).run();
  result.pulse = from_spectrum(pulse.grid, solver.state(), planner);

  const double transmission = std::pow(10.0, -0.1 * fiber.loss_db_per_m * fiber.length_m);
  const double expected = transmission * before;  // 0 too when the loss leaves nothing that a number could hold
  result.report.invariant_drift = expected > 0 ? invariant(solver.state(), shock) / expected - 1.0 : 0.0;
  result.report.time_edge_fraction = edges.time_fraction();
  result.report.spectrum_edge_fraction = edges.spectrum_fraction();
  return result;
}

}  // namespace neve::optics
