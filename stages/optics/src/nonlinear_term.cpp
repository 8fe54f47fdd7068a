#include "nonlinear_term.hpp"

#include <algorithm>

#include "edges.hpp"

namespace neve::optics {
namespace {

// Fourier transform of the response with the kernel exp(-i W t) that FFTW's real transforms use. Taken analytically: it
// is 1 at W = 0 whatever the time step, where a sampled response would have to be normalised.
Complex response_at(const RamanResponse& raman, double offset_rad_per_s) {
  const double rate = 1.0 / raman.tau2_s;
  const double frequency = 1.0 / raman.tau1_s;
  const Complex pole(rate, offset_rad_per_s);
  const Complex delayed = (rate * rate + frequency * frequency) / (pole * pole + frequency * frequency);
  return (1.0 - raman.fraction) + raman.fraction * delayed;
}

ComplexArray sampled_response(const Grid& grid, const RamanResponse& raman) {
  const std::size_t bins = grid.points / 2 + 1;
  const double normalisation = 1.0 / static_cast<double>(grid.points);
  const double step = kTwoPi * grid.frequency_step_hz();
  ComplexArray response(bins);
  for (std::size_t k = 0; k < bins; ++k) {
    response[k] = normalisation * response_at(raman, step * static_cast<double>(k));
  }
  response[bins - 1] = response[bins - 1].real();  // the bin at half the sampling rate has no phase
  return response;
}

}  // namespace

RealArray shock_factors(const Grid& grid, const Fiber& fiber) {
  RealArray factors(grid.points, 1.0);
  if (!fiber.self_steepening) return factors;
  const double tau_s = fiber.shock_time_s.value_or(1.0 / grid.carrier_rad_per_s());
  for (std::size_t k = 0; k < grid.points; ++k) {
    factors[k] = std::max(0.0, 1.0 + tau_s * grid.offset_rad_per_s(k));
  }
  return factors;
}

NonlinearTerm::NonlinearTerm(const Grid& grid, const Fiber& fiber, std::shared_ptr<const FftPlans> plans)
    : plans_(std::move(plans)), coefficients_(shock_factors(grid, fiber)), field_(grid.points), product_(grid.points) {
  const double scale = fiber.gamma_per_w_m / static_cast<double>(grid.points);
  for (double& c : coefficients_) c *= scale;
  if (!fiber.raman || fiber.raman->fraction == 0) return;
  response_ = sampled_response(grid, *fiber.raman);
  half_.resize(response_.size());
  power_.resize(grid.points);
}

const Complex* NonlinearTerm::transform(const Complex* a) {
  plans_->to_time(a, field_.data());
  edge_power_ = power_near(field_, 0);
  double* field = reinterpret_cast<double*>(field_.data());
  const std::size_t n = field_.size();
  if (response_.empty()) {
    for (std::size_t j = 0; j < n; ++j) {
      const double power = field[2 * j] * field[2 * j] + field[2 * j + 1] * field[2 * j + 1];
      field[2 * j] *= power;
      field[2 * j + 1] *= power;
    }
  } else {
    delay_response();
    const double* power = power_.data();
    for (std::size_t j = 0; j < n; ++j) {
      field[2 * j] *= power[j];
      field[2 * j + 1] *= power[j];
    }
  }
  plans_->to_frequency(field_.data(), product_.data());
  return product_.data();
}

// Leaves R * |A|^2 in power_.
void NonlinearTerm::delay_response() {
  const double* field = reinterpret_cast<const double*>(field_.data());
  const std::size_t n = field_.size();
  for (std::size_t j = 0; j < n; ++j) {
    power_[j] = field[2 * j] * field[2 * j] + field[2 * j + 1] * field[2 * j + 1];
  }
  plans_->real_to_half(power_.data(), half_.data());
  double* half = reinterpret_cast<double*>(half_.data());
  const double* response = reinterpret_cast<const double*>(response_.data());
  for (std::size_t k = 0; k < half_.size(); ++k) {
    const double re = half[2 * k];
    const double im = half[2 * k + 1];
    half[2 * k] = re * response[2 * k] - im * response[2 * k + 1];
    half[2 * k + 1] = re * response[2 * k + 1] + im * response[2 * k];
  }
  plans_->half_to_real(half_.data(), power_.data());
}

}  // namespace neve::optics
