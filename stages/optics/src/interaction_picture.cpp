#include "interaction_picture.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

// The loops below work on interleaved real and imaginary parts with plain arithmetic: std::complex multiplication would
// call a library function to get infinities right, which an envelope never holds.
namespace neve::optics {
namespace {

const double* parts(const ComplexArray& array) { return reinterpret_cast<const double*>(array.data()); }
double* parts(ComplexArray& array) { return reinterpret_cast<double*>(array.data()); }
const double* parts(const Complex* array) { return reinterpret_cast<const double*>(array); }

struct Value {
  double re, im;
};

Value load(const double* p, std::size_t k) { return {p[2 * k], p[2 * k + 1]}; }
void store(double* p, std::size_t k, Value v) {
  p[2 * k] = v.re;
  p[2 * k + 1] = v.im;
}
Value operator*(Value a, Value b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
Value operator+(Value a, Value b) { return {a.re + b.re, a.im + b.im}; }
Value operator-(Value a, Value b) { return {a.re - b.re, a.im - b.im}; }
Value operator*(double s, Value a) { return {s * a.re, s * a.im}; }
// i c F, the nonlinear term of one bin.
Value slope_of(double c, Value f) { return {-c * f.im, c * f.re}; }
double squared(Value a) { return a.re * a.re + a.im * a.im; }

/// Squared L2 norms of how N changes in one half of a step and in the other, and of how the two differ.
struct Changes {
  double first = 0, second = 0, bend = 0;
};

// The error of the quadrature that Runge-Kutta's formula is to what depends on z, however weakly it depends on u. By
// Simpson's rule that is h^5/2880 times a fourth derivative: h bend^3 / (180 rise^2) for what turns evenly, where
// bend/rise is the change of phase in half a step. Where a half sees next to nothing of the change, as when a short
// pulse spreads at the beginning of a long step, all that the formula makes of it may be wrong.
double quadrature_error(double h, const Changes& changes) {
  constexpr double kMost = 1.0 / 6;
  if (changes.bend == 0) return 0;
  const double rise_squared = std::sqrt(changes.first) * std::sqrt(changes.second);
  return h * std::sqrt(changes.bend) * std::min(kMost, changes.bend / (180 * rise_squared));
}

}  // namespace

InteractionPicture::InteractionPicture(ComplexArray initial, LinearTables linear, NonlinearTerm nonlinear)
    : linear_(std::move(linear)), nonlinear_(std::move(nonlinear)), state_(std::move(initial)) {
  for (ComplexArray* array : {&slope_, &next_state_, &next_slope_, &rotated_, &sum_, &trial_, &k4_, &rise_, &bend_}) {
    array->resize(state_.size());
  }
  const double* f = parts(nonlinear_.transform(state_.data()));
  const double* c = nonlinear_.coefficients();
  for (std::size_t k = 0; k < state_.size(); ++k) store(parts(slope_), k, slope_of(c[k], load(f, k)));
}

double InteractionPicture::attempt(double h) {
  h_ = h;
  half_step_ = linear_.get(0.5 * h);
  begin(h);
  second(h);
  third(h);
  fourth(h);
  return finish(h);
}

void InteractionPicture::accept() {
  std::swap(state_, next_state_);
  std::swap(slope_, next_slope_);
}

// u_I = E u, k1 = E N(u); next argument u_I + h/2 k1.
void InteractionPicture::begin(double h) {
  const double* e = parts(half_step_);
  const double* u = parts(std::as_const(state_));
  const double* slope = parts(std::as_const(slope_));
  double* rotated = parts(rotated_);
  double* sum = parts(sum_);
  double* trial = parts(trial_);
  for (std::size_t k = 0; k < state_.size(); ++k) {
    const Value factor = load(e, k);
    const Value ui = factor * load(u, k);
    const Value k1 = factor * load(slope, k);
    store(rotated, k, ui);
    store(sum, k, k1);
    store(trial, k, ui + 0.5 * h * k1);
  }
}

// k2 = N(u_I + h/2 k1); next argument u_I + h/2 k2.
void InteractionPicture::second(double h) {
  const double* f = parts(nonlinear_.transform(trial_.data()));
  const double* c = nonlinear_.coefficients();
  const double* rotated = parts(std::as_const(rotated_));
  double* sum = parts(sum_);
  double* trial = parts(trial_);
  double* rise = parts(rise_);
  for (std::size_t k = 0; k < state_.size(); ++k) {
    const Value k2 = slope_of(c[k], load(f, k));
    const Value k1 = load(sum, k);
    store(rise, k, k1 - k2);
    store(sum, k, k1 + 2.0 * k2);
    store(trial, k, load(rotated, k) + 0.5 * h * k2);
  }
}

// k3 = N(u_I + h/2 k2); next argument E (u_I + h k3); what is known of the result is E (u_I + h/6 (k1 + 2 k2 + 2 k3)).
void InteractionPicture::third(double h) {
  const double* f = parts(nonlinear_.transform(trial_.data()));
  const double* c = nonlinear_.coefficients();
  const double* e = parts(half_step_);
  const double* rotated = parts(std::as_const(rotated_));
  double* sum = parts(sum_);
  double* trial = parts(trial_);
  double* rise = parts(rise_);
  double* bend = parts(bend_);
  const double sixth = h / 6.0;
  constexpr double kThird = 1.0 / 3;
  for (std::size_t k = 0; k < state_.size(); ++k) {
    const Value factor = load(e, k);
    const Value ui = load(rotated, k);
    const Value k3 = slope_of(c[k], load(f, k));
    const Value k1_k2 = load(rise, k);
    const Value k1_2k2 = load(sum, k);
    const Value k2 = kThird * (k1_2k2 - k1_k2);
    store(rise, k, factor * (k1_k2 + 0.5 * (k2 - k3)));
    store(bend, k, factor * (k1_k2 - k3));
    store(trial, k, factor * (ui + h * k3));
    store(sum, k, factor * (ui + sixth * (k1_2k2 + 2.0 * k3)));
  }
}

// k4 = N(E (u_I + h k3)); the new state is what was known plus h/6 k4.
void InteractionPicture::fourth(double h) {
  const double* f = parts(nonlinear_.transform(trial_.data()));
  const double* c = nonlinear_.coefficients();
  const double* sum = parts(std::as_const(sum_));
  double* k4s = parts(k4_);
  double* next = parts(next_state_);
  const double sixth = h / 6.0;
  for (std::size_t k = 0; k < state_.size(); ++k) {
    const Value k4 = slope_of(c[k], load(f, k));
    store(k4s, k, k4);
    store(next, k, load(sum, k) + sixth * k4);
  }
}

// k5 = N(new state). The third-order solution has h/30 (2 k4 + 3 k5) for h/6 k4, so the two differ by h/10 (k4 - k5).
// That says how well the state is known at which N is taken, and nothing of how N turns with z in between: for a weak
// field in a dispersive fibre it vanishes however long the step. Hence the second estimate. See
// docs/decisions/two-estimates-of-a-step.md.
double InteractionPicture::finish(double h) {
  const double* f = parts(nonlinear_.transform(next_state_.data()));
  const double* c = nonlinear_.coefficients();
  const double* k4s = parts(std::as_const(k4_));
  const double* next = parts(std::as_const(next_state_));
  const double* rise = parts(std::as_const(rise_));
  const double* bend = parts(std::as_const(bend_));
  double* next_slope = parts(next_slope_);
  Changes changes;
  double error_even = 0, error_odd = 0, norm_even = 0, norm_odd = 0;  // two chains of additions, so they can overlap
  for (std::size_t k = 0; k < state_.size(); k += 2) {
    const Value even = slope_of(c[k], load(f, k));
    const Value odd = slope_of(c[k + 1], load(f, k + 1));
    store(next_slope, k, even);
    store(next_slope, k + 1, odd);
    error_even += squared(load(k4s, k) - even);
    error_odd += squared(load(k4s, k + 1) - odd);
    const Value first = load(rise, k);
    const Value both = load(bend, k) + even;
    const Value first_odd = load(rise, k + 1);
    const Value both_odd = load(bend, k + 1) + odd;
    changes.first += squared(first) + squared(first_odd);
    changes.second += squared(both - first) + squared(both_odd - first_odd);
    changes.bend += squared(both) + squared(both_odd);
    norm_even += squared(load(next, k));
    norm_odd += squared(load(next, k + 1));
  }
  const double norm = norm_even + norm_odd;
  next_time_edge_ = 0;
  if (norm == 0) return 0;
  next_time_edge_ = std::min(nonlinear_.edge_power() / (static_cast<double>(state_.size()) * norm), 1.0);
  const double embedded = 0.1 * h * std::sqrt(error_even + error_odd);
  return std::max(embedded, quadrature_error(h, changes)) / std::sqrt(norm);
}

void InteractionPicture::interpolate(double fraction, ComplexArray& out) const {
  const double s = fraction;
  const double start_value = (1.0 + 2.0 * s) * (1.0 - s) * (1.0 - s);
  const double start_slope = s * (1.0 - s) * (1.0 - s) * h_;
  const double end_value = s * s * (3.0 - 2.0 * s);
  const double end_slope = s * s * (s - 1.0) * h_;
  out.resize(state_.size());
  for (std::size_t k = 0; k < state_.size(); ++k) {
    const Complex forward = linear_.factor(k, s * h_);
    const Complex backward = linear_.factor(k, (s - 1.0) * h_);
    out[k] = forward * (start_value * state_[k] + start_slope * slope_[k]) +
             backward * (end_value * next_state_[k] + end_slope * next_slope_[k]);
  }
}

}  // namespace neve::optics
