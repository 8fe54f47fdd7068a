#pragma once

#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>

namespace neve::optics {

using Complex = std::complex<double>;

inline constexpr double kSpeedOfLight = 299'792'458.0;  ///< m/s, exact (SI)
inline constexpr double kPlanck = 6.62607015e-34;       ///< J s, exact (SI)
inline constexpr double kTwoPi = 2.0 * std::numbers::pi;

/// A uniform time grid around zero with its matching frequency grid, in the frame that moves with the carrier.
///
/// Sign convention, used everywhere in this library (the physicist's, as in Agrawal, Nonlinear Fiber Optics, ch. 2):
///   E(t) = Re{A(t) exp(-i w0 t)},  A(t_j) = sum_k a_k exp(-i W_k j dt),  a_k = (1/n) sum_j A(t_j) exp(+i W_k j dt).
/// (The phase of a_k counts time from the first sample, as FFTs do.) A positive W_k is a frequency above the carrier
/// (blue). Dispersion multiplies a_k by exp(+i z sum beta_m W^m / m!), so normal dispersion (beta2 > 0) and a positive
/// GDD both delay blue behind red: an up-chirp.
///
/// Arrays in time are ordered from the earliest instant; arrays in frequency are in FFT order (0, +, ..., -).
/// A plain value, safe to copy and read from any thread.
struct Grid {
  static constexpr std::size_t kFewestPoints = 16;
  static constexpr std::size_t kMostPoints = std::size_t{1} << 24;

  std::size_t points = 0;   ///< a power of two between the two above
  double dt_s = 0;          ///< spacing in time
  double wavelength_m = 0;  ///< vacuum wavelength of the carrier

  /// The grid of `points` over `window_s` seconds. Throws `invalid_argument`, naming the quantity that is wrong.
  [[nodiscard]] static Grid make(std::size_t points, double window_s, double wavelength_m);

  /// Whether a grid may have so many points.
  [[nodiscard]] static bool has_valid_size(std::size_t points) noexcept;

  /// Throws `invalid_argument` unless this is a grid that `make` could have made.
  void check() const;

  [[nodiscard]] double window_s() const { return static_cast<double>(points) * dt_s; }
  [[nodiscard]] double carrier_rad_per_s() const { return kTwoPi * kSpeedOfLight / wavelength_m; }
  [[nodiscard]] double carrier_hz() const { return kSpeedOfLight / wavelength_m; }
  [[nodiscard]] double frequency_step_hz() const { return 1.0 / window_s(); }

  /// Time of sample `j`; zero is sample points/2.
  [[nodiscard]] double time_s(std::size_t j) const {
    return (static_cast<double>(j) - static_cast<double>(points / 2)) * dt_s;
  }

  /// Angular frequency of bin `k` relative to the carrier; bin points/2 is the most negative one.
  [[nodiscard]] double offset_rad_per_s(std::size_t k) const {
    const double index = k < points / 2 ? static_cast<double>(k) : static_cast<double>(k) - static_cast<double>(points);
    return kTwoPi * index * frequency_step_hz();
  }

  /// Optical frequency of bin `k`; it may be zero or negative on a grid finer than the carrier's period.
  [[nodiscard]] double frequency_hz(std::size_t k) const { return carrier_hz() + offset_rad_per_s(k) / kTwoPi; }

  /// Bin number of the `i`-th frequency in ascending order.
  [[nodiscard]] std::size_t ascending_bin(std::size_t i) const { return (i + points / 2) % points; }

  friend bool operator==(const Grid&, const Grid&) = default;
};

}  // namespace neve::optics
