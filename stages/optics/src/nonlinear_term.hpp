#pragma once

#include <memory>

#include <neve/optics/fiber.hpp>

#include "aligned.hpp"
#include "fft_plans.hpp"

namespace neve::optics {

/// The nonlinear part of the propagation equation, N(a)_k = i c_k F_k with real c and F = F{A (R * |A|^2)}.
/// Owns the scratch it works in: one object serves one thread at a time.
class NonlinearTerm {
 public:
  NonlinearTerm(const Grid& grid, const Fiber& fiber, std::shared_ptr<const FftPlans> plans);

  /// Computes F for the spectrum `a` and returns it ([points], FFT order); valid until the next call.
  [[nodiscard]] const Complex* transform(const Complex* a);

  /// Sum of |A|^2 over the edge of the time window (see `power_near`) of the field that was transformed last.
  [[nodiscard]] double edge_power() const noexcept { return edge_power_; }

  /// c_k, including gamma, self-steepening and the transforms' normalisation. Zero where 1 + W tau would be negative.
  [[nodiscard]] const double* coefficients() const noexcept { return coefficients_.data(); }

 private:
  void delay_response();

  std::shared_ptr<const FftPlans> plans_;
  RealArray coefficients_;
  ComplexArray response_;  // of the glass, [points/2 + 1]; empty when instantaneous
  ComplexArray field_;
  ComplexArray product_;
  ComplexArray half_;
  RealArray power_;
  double edge_power_ = 0;
};

/// 1 + W tau for every bin, 0 where negative; all ones without self-steepening.
[[nodiscard]] RealArray shock_factors(const Grid& grid, const Fiber& fiber);

}  // namespace neve::optics
