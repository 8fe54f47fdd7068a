#include <neve/optics/fiber.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "check.hpp"
#include "interaction_picture.hpp"
#include "transform.hpp"

namespace neve::optics {
namespace {

/// Chooses step sizes from length / 2^(level/4). Not thread-safe.
class StepControl {
 public:
  StepControl(double length_m, double first_guess_m, double tolerance) : length_m_(length_m), tolerance_(tolerance) {
    level_ = level_below(first_guess_m);
  }

  [[nodiscard]] double step_m() const { return length_m_ * std::exp2(-0.25 * level_); }

  /// Whether an attempt of `step_m` with `error` may stand; sets the size of the next one either way.
  [[nodiscard]] bool judge(double step_m, double error) {
    constexpr double kSafety = 0.9;
    constexpr int kOctave = 4;
    const bool good = error <= tolerance_;  // false for NaN
    const double ratio = kSafety * std::pow(tolerance_ / std::max(error, 1e-300), 0.25);
    const int wanted = std::isfinite(ratio) ? level_below(step_m * ratio) : level_ + kOctave;
    level_ = good ? std::max(wanted, level_ - kOctave) : std::clamp(wanted, level_ + 1, level_ + 2 * kOctave);
    level_ = std::max(level_, 0);
    return good;
  }

  [[nodiscard]] bool exhausted() const {
    constexpr int kLevels = 4 * 45;  // 2^-45 of the length: positions could hardly tell a step from none
    return level_ > kLevels;
  }

 private:
  // The coarsest level whose step is no longer than `step_m`.
  [[nodiscard]] int level_below(double step_m) const {
    const double level = std::ceil(4.0 * std::log2(length_m_ / step_m) - 1e-9);
    return static_cast<int>(std::clamp(level, 0.0, 4096.0));
  }

  double length_m_;
  double tolerance_;
  int level_ = 0;
};

/// Shows the planes that lie in a step, each once.
class Snapshots {
 public:
  Snapshots(const PropagationWatch& watch, double length_m) : watch_(watch), length_m_(length_m) {}

  void show_start(const ComplexArray& spectrum) {
    if (watch_.snapshot && watch_.snapshots > 0) show(0.0, spectrum);
  }

  void show_within(const InteractionPicture& solver, double z_m, double h_m, bool last) {
    while (watch_.snapshot && shown_ < watch_.snapshots) {
      const double plane_m = length_m_ * static_cast<double>(shown_) / static_cast<double>(watch_.snapshots - 1);
      if (!last && plane_m > z_m + h_m) return;
      solver.interpolate(std::min((plane_m - z_m) / h_m, 1.0), buffer_);
      show(plane_m, buffer_);
    }
  }

 private:
  void show(double z_m, const ComplexArray& spectrum) {
    ++shown_;
    watch_.snapshot(z_m, spectrum);
  }

  const PropagationWatch& watch_;
  double length_m_;
  std::size_t shown_ = 0;
  ComplexArray buffer_;
};

double invariant(const ComplexArray& spectrum, const RealArray& shock) {
  double sum = 0;
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    if (shock[k] > 0) sum += std::norm(spectrum[k]) / shock[k];
  }
  return sum;
}

// Share of sum |x|^2 that lies within 2.5 % of `seam` on either side, the arrays being periodic.
template <class Array>
double share_near(const Array& values, std::size_t seam) {
  const std::size_t n = values.size();
  const std::size_t reach = std::max<std::size_t>(1, n / 40);
  double near = 0;
  double all = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t apart = i > seam ? i - seam : seam - i;
    all += std::norm(values[i]);
    if (std::min(apart, n - apart) <= reach) near += std::norm(values[i]);
  }
  return all > 0 ? near / all : 0.0;
}

double first_guess_m(const Pulse& pulse, const Fiber& fiber) {
  double peak_w = 0;
  for (const Complex& a : pulse.field) peak_w = std::max(peak_w, std::norm(a));
  const double rate = std::abs(fiber.gamma_per_w_m) * peak_w;
  return rate > 0 ? std::min(fiber.length_m, 0.1 / rate) : fiber.length_m;
}

void check(const Stepping& stepping, const PropagationWatch& watch) {
  if (!stepping.steps) require_within("the tolerance", stepping.tolerance, 1e-14, 0.1);
  if (stepping.steps && *stepping.steps == 0) refuse("the number of steps", 0, "at least 1");
  if (watch.snapshots == 1) refuse("the number of snapshots", 1, "0, or at least 2");
}

void require_open(const PropagationWatch& watch, double z_m, double length_m) {
  if (!watch.stop.stop_requested()) return;
  throw Error(ErrorCode::cancelled, fmt::format("the propagation was stopped at {:g} m of {:g} m", z_m, length_m));
}

void note_step(PropagationReport& report, double h_m) {
  report.smallest_step_m = report.steps == 0 ? h_m : std::min(report.smallest_step_m, h_m);
  report.largest_step_m = std::max(report.largest_step_m, h_m);
  ++report.steps;
}

/// Walks the solver from one end to the other, and counts.
PropagationReport integrate(InteractionPicture& solver, const Fiber& fiber, const Stepping& stepping,
                            const PropagationWatch& watch, double guess_m) {
  const double length_m = fiber.length_m;
  StepControl control(length_m, guess_m, stepping.tolerance);
  Snapshots snapshots(watch, length_m);
  PropagationReport report;
  snapshots.show_start(solver.state());
  double z_m = 0;
  for (bool last = false; !last;) {
    require_open(watch, z_m, length_m);
    const double fixed_m = stepping.steps ? length_m / static_cast<double>(*stepping.steps) : 0;
    const double wanted_m = stepping.steps ? fixed_m : control.step_m();
    last = stepping.steps ? report.steps + 1 == *stepping.steps : wanted_m >= (length_m - z_m) * (1 - 1e-12);
    const double h_m = last && !stepping.steps ? length_m - z_m : wanted_m;
    const double error = solver.attempt(h_m);
    if (!stepping.steps && !control.judge(h_m, error)) {
      ++report.rejected_steps;
      last = false;
      if (control.exhausted()) {
        throw Error(ErrorCode::invalid_argument,
                    fmt::format("no step is small enough at {:g} m; the field is not finite there, or the grid does "
                                "not resolve it: use more points, or a larger tolerance",
                                z_m));
      }
      continue;
    }
    snapshots.show_within(solver, z_m, h_m, last);
    solver.accept();
    note_step(report, h_m);
    z_m += h_m;
    if (watch.progress) watch.progress(last ? 1.0 : std::min(z_m / length_m, 1.0));
    if (!last && report.steps >= stepping.max_steps) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{} steps reached only {:g} m of {:g} m; allow more steps, or "
                              "a larger tolerance",
                              report.steps, z_m, length_m));
    }
  }
  return report;
}

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
  InteractionPicture solver(std::move(spectrum), LinearTables(pulse.grid, fiber),
                            NonlinearTerm(pulse.grid, fiber, planner.plans(pulse.grid.points)));
  Propagation result;
  result.report = integrate(solver, fiber, stepping, watch, first_guess_m(pulse, fiber));
  result.pulse = from_spectrum(pulse.grid, solver.state(), planner);

  const double transmission = std::pow(10.0, -0.1 * fiber.loss_db_per_m * fiber.length_m);
  result.report.invariant_drift = before > 0 ? invariant(solver.state(), shock) / (transmission * before) - 1.0 : 0.0;
  result.report.spectrum_edge_fraction = share_near(solver.state(), pulse.grid.points / 2);
  result.report.time_edge_fraction = share_near(result.pulse.field, 0);
  return result;
}

}  // namespace neve::optics
