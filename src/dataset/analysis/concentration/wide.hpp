#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

#include "dataset/values/int128.hpp"

namespace neve::dataset {

/// An unsigned integer of 384 bits: room for the square of a 127-bit sum times 10^10 and then some.
///
/// Throws `too_large` instead of wrapping round. Sums are bounded by 10^38, so that cannot happen in an analysis; the
/// checks keep it so. A plain value.
class Wide {
 public:
  static constexpr std::size_t kLimbs = 6;

  Wide() = default;
  Wide(std::uint64_t value) : limbs_{value} {}  // NOLINT(google-explicit-constructor): a number is a number
  static Wide of(UInt128 value);
  static Wide product(UInt128 a, UInt128 b);

  Wide& operator+=(const Wide& other);
  /// Throws `internal` if `other` is larger.
  Wide& operator-=(const Wide& other);
  Wide& operator*=(std::uint64_t factor);
  friend Wide operator*(Wide a, std::uint64_t factor) { return a *= factor; }
  friend Wide operator+(Wide a, const Wide& b) { return a += b; }

  [[nodiscard]] bool zero() const noexcept;
  [[nodiscard]] bool odd() const noexcept { return (limbs_[0] & 1) != 0; }
  /// Whether the value is below 2^128.
  [[nodiscard]] bool fits_128() const noexcept;
  /// The lowest 128 bits.
  [[nodiscard]] UInt128 low_128() const noexcept { return (UInt128{limbs_[1]} << 64) | limbs_[0]; }
  [[nodiscard]] std::size_t bits() const noexcept;
  [[nodiscard]] bool bit(std::size_t index) const noexcept { return ((limbs_[index / 64] >> (index % 64)) & 1) != 0; }

  /// Decimal digits.
  [[nodiscard]] std::string digits() const;

  struct Division;
  /// Throws `internal` for a divisor of 0.
  [[nodiscard]] Division divide(const Wide& divisor) const;

  friend std::strong_ordering operator<=>(const Wide& a, const Wide& b) noexcept;
  friend bool operator==(const Wide&, const Wide&) = default;

 private:
  void shift_left_one(bool low_bit);
  std::uint64_t divide_in_place(std::uint64_t divisor) noexcept;

  std::array<std::uint64_t, kLimbs> limbs_{};  // least significant first
};

struct Wide::Division {
  Wide quotient;
  Wide remainder;
};

/// The quotient rounded to the nearest integer, a half to the even one.
[[nodiscard]] Wide divide_half_even(const Wide& numerator, const Wide& denominator);

}  // namespace neve::dataset
