#pragma once

#include <fftw3.h>

#include <cstddef>
#include <memory>
#include <string>

#include "aligned.hpp"

namespace neve::optics {

/// The four transforms of one grid size, unnormalised. Arrays must come from `ComplexArray` and `RealArray`; in and out
/// are distinct. Immutable, and safe to execute from any number of threads at once.
class FftPlans {
 public:
  /// Plans from `wisdom` (FFTW's text), and by estimate where it has nothing; an empty text means estimate.
  FftPlans(std::size_t points, const std::string& wisdom);

  [[nodiscard]] std::size_t points() const noexcept { return points_; }

  /// spectrum_k = sum_j time_j exp(+i W_k t_j), counting t from the first sample.
  void to_frequency(const Complex* time, Complex* spectrum) const;
  /// time_j = sum_k spectrum_k exp(-i W_k t_j), counting t from the first sample.
  void to_time(const Complex* spectrum, Complex* time) const;
  /// [points] reals to [points/2 + 1] bins; any sign of the exponent serves a convolution.
  void real_to_half(const double* real, Complex* half) const;
  /// The way back; destroys `half`.
  void half_to_real(Complex* half, double* real) const;

 private:
  struct Destroy {
    void operator()(fftw_plan_s* plan) const noexcept;
  };
  using Plan = std::unique_ptr<fftw_plan_s, Destroy>;

  std::size_t points_;
  Plan to_frequency_;
  Plan to_time_;
  Plan real_to_half_;
  Plan half_to_real_;
};

/// `wisdom` with measured plans for `points` added. Throws `corrupt` if FFTW does not accept the text.
[[nodiscard]] std::string add_measured_wisdom(const std::string& wisdom, std::size_t points);

/// Whether this build of FFTW accepts the text.
[[nodiscard]] bool is_usable_wisdom(const std::string& wisdom);

}  // namespace neve::optics
