#pragma once

#include <cstdint>

// Polynomials over GF(2) modulo the generator of CRC-32, bit 31 being the coefficient of x^0, as the reflected CRC
// keeps them.
namespace neve::crc {

using Polynomial = std::uint32_t;
inline constexpr Polynomial kGenerator = 0xEDB88320U;
inline constexpr Polynomial kOne = 0x80000000U;

constexpr Polynomial multiply(Polynomial a, Polynomial b) noexcept {
  Polynomial product = 0;
  for (Polynomial bit = kOne; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) product ^= b;
    b = (b & 1) != 0 ? (b >> 1) ^ kGenerator : b >> 1;
  }
  return product;
}

/// x to the power `n`.
constexpr Polynomial power_of_x(std::uint64_t n) noexcept {
  Polynomial result = kOne;
  for (Polynomial factor = kOne >> 1; n != 0; n >>= 1, factor = multiply(factor, factor)) {
    if ((n & 1) != 0) result = multiply(result, factor);
  }
  return result;
}

}  // namespace neve::crc
