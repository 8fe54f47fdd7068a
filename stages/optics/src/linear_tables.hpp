#pragma once

#include <array>
#include <cstdint>

#include <neve/optics/fiber.hpp>

#include "aligned.hpp"

namespace neve::optics {

/// Group delay against the carrier after a metre, in s: the derivative of the dispersion by angular frequency.
[[nodiscard]] double delay_s_per_m(const std::vector<double>& betas, double offset_rad_per_s);

/// exp(z D) for the linear operator D_k = i sum_m beta_m W_k^m / m! - alpha/2, with the few most recent tables kept:
/// making one costs as much as three FFTs. Not thread-safe.
class LinearTables {
 public:
  LinearTables(const Grid& grid, const Fiber& fiber);

  /// The table for distance `z_m`, valid until four other distances were asked for.
  [[nodiscard]] const Complex* get(double z_m);

  /// exp(z D) of one bin, not kept.
  [[nodiscard]] Complex factor(std::size_t bin, double z_m) const;

  /// How far apart dispersion turns the light of `spectrum`, in rad/m; of what is 120 dB below the brightest bin
  /// nothing counts.
  [[nodiscard]] double phase_span_per_m(const ComplexArray& spectrum) const;

 private:
  struct Slot {
    double z_m = 0;
    std::uint64_t last_use = 0;
    ComplexArray table;
  };

  RealArray phase_per_m_;
  double decay_per_m_ = 0;  // of the amplitude
  std::array<Slot, 4> slots_;
  std::uint64_t uses_ = 0;
};

}  // namespace neve::optics
