#include "dataset/analysis/concentration/wide.hpp"

#include <algorithm>
#include <bit>

#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

[[noreturn]] void overflow() {
  throw Error(ErrorCode::too_large, "a number in the analysis exceeds 384 bits: the values are too large");
}

}  // namespace

Wide Wide::of(UInt128 value) {
  Wide wide;
  wide.limbs_[0] = static_cast<std::uint64_t>(value);
  wide.limbs_[1] = static_cast<std::uint64_t>(value >> 64);
  return wide;
}

Wide Wide::product(UInt128 a, UInt128 b) {
  const auto low = static_cast<std::uint64_t>(b);
  const auto high = static_cast<std::uint64_t>(b >> 64);
  Wide result = of(a) * low;
  const Wide upper = of(a) * high;
  Wide shifted;
  std::copy(upper.limbs_.begin(), upper.limbs_.end() - 1, shifted.limbs_.begin() + 1);
  return result += shifted;
}

Wide& Wide::operator+=(const Wide& other) {
  UInt128 carry = 0;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    carry += UInt128{limbs_[i]} + other.limbs_[i];
    limbs_[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  if (carry != 0) overflow();
  return *this;
}

Wide& Wide::operator-=(const Wide& other) {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    const UInt128 taken = UInt128{other.limbs_[i]} + borrow;
    borrow = limbs_[i] < taken ? 1 : 0;
    limbs_[i] = static_cast<std::uint64_t>(limbs_[i] - taken);
  }
  if (borrow != 0) throw Error(ErrorCode::internal, "the difference of two unsigned numbers is negative");
  return *this;
}

Wide& Wide::operator*=(std::uint64_t factor) {
  UInt128 carry = 0;
  for (std::uint64_t& limb : limbs_) {
    carry += UInt128{limb} * factor;
    limb = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  if (carry != 0) overflow();
  return *this;
}

bool Wide::zero() const noexcept {
  return std::all_of(limbs_.begin(), limbs_.end(), [](std::uint64_t limb) { return limb == 0; });
}

bool Wide::fits_128() const noexcept {
  return std::all_of(limbs_.begin() + 2, limbs_.end(), [](std::uint64_t limb) { return limb == 0; });
}

std::size_t Wide::bits() const noexcept {
  for (std::size_t i = kLimbs; i-- > 0;) {
    if (limbs_[i] != 0) return 64 * i + static_cast<std::size_t>(std::bit_width(limbs_[i]));
  }
  return 0;
}

std::strong_ordering operator<=>(const Wide& a, const Wide& b) noexcept {
  for (std::size_t i = Wide::kLimbs; i-- > 0;) {
    if (a.limbs_[i] != b.limbs_[i]) return a.limbs_[i] <=> b.limbs_[i];
  }
  return std::strong_ordering::equal;
}

std::uint64_t Wide::divide_in_place(std::uint64_t divisor) noexcept {
  UInt128 remainder = 0;
  for (std::size_t i = kLimbs; i-- > 0;) {
    remainder = (remainder << 64) | limbs_[i];
    limbs_[i] = static_cast<std::uint64_t>(remainder / divisor);
    remainder %= divisor;
  }
  return static_cast<std::uint64_t>(remainder);
}

std::string Wide::digits() const {
  if (zero()) return "0";
  constexpr std::uint64_t kChunk = 10'000'000'000'000'000'000U;  // 10^19, the largest power of ten in a limb
  std::string text;
  for (Wide rest = *this; !rest.zero();) {
    std::string chunk = std::to_string(rest.divide_in_place(kChunk));
    if (!rest.zero()) chunk.insert(0, 19 - chunk.size(), '0');
    text.insert(0, chunk);
  }
  return text;
}

void Wide::shift_left_one(bool low_bit) {
  std::uint64_t carry = low_bit ? 1 : 0;
  for (std::uint64_t& limb : limbs_) {
    const std::uint64_t out = limb >> 63;
    limb = (limb << 1) | carry;
    carry = out;
  }
  if (carry != 0) overflow();
}

Wide::Division Wide::divide(const Wide& divisor) const {
  if (divisor.zero()) throw Error(ErrorCode::internal, "an exact ratio has the denominator 0");
  Division result;
  if (fits_128() && divisor.fits_128()) {  // nearly always
    result.quotient = of(low_128() / divisor.low_128());
    result.remainder = of(low_128() % divisor.low_128());
    return result;
  }
  for (std::size_t i = bits(); i-- > 0;) {
    result.remainder.shift_left_one(bit(i));
    const bool goes = result.remainder >= divisor;
    if (goes) result.remainder -= divisor;
    result.quotient.shift_left_one(goes);
  }
  return result;
}

Wide divide_half_even(const Wide& numerator, const Wide& denominator) {
  Wide::Division division = numerator.divide(denominator);
  const auto against_half = division.remainder * 2 <=> denominator;
  if (against_half > 0 || (against_half == 0 && division.quotient.odd())) division.quotient += 1;
  return division.quotient;
}

}  // namespace neve::dataset
