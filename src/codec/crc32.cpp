#include "codec/crc32.hpp"

#include <array>

#include <isa-l/crc.h>

#include "codec/vector_state.hpp"

namespace neve {
namespace {

// A polynomial over GF(2) of degree below 32, bit 31 being the coefficient of x^0, as the reflected CRC keeps it.
using Polynomial = std::uint32_t;
constexpr Polynomial kGenerator = 0xEDB88320U;
constexpr Polynomial kOne = 0x80000000U;

constexpr Polynomial multiply(Polynomial a, Polynomial b) noexcept {
  Polynomial product = 0;
  for (Polynomial bit = kOne; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) product ^= b;
    b = (b & 1) != 0 ? (b >> 1) ^ kGenerator : b >> 1;
  }
  return product;
}

// x^(8 * 2^k) for k = 0, 1, ...: one factor for each bit of a length in bytes.
constexpr std::array<Polynomial, 64> make_powers() noexcept {
  std::array<Polynomial, 64> powers{};
  Polynomial power = kOne >> 8;
  for (Polynomial& entry : powers) {
    entry = power;
    power = multiply(power, power);
  }
  return powers;
}
constexpr std::array<Polynomial, 64> kPowers = make_powers();

}  // namespace

std::uint32_t crc32(std::uint32_t crc, ByteSpan bytes) noexcept {
  crc = crc32_gzip_refl(crc, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  clear_vector_uppers();
  return crc;
}

std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second, std::uint64_t second_bytes) noexcept {
  // Appending n bytes multiplies the first remainder by x^(8n).
  for (std::size_t k = 0; second_bytes != 0; ++k, second_bytes >>= 1) {
    if ((second_bytes & 1) != 0) first = multiply(first, kPowers[k]);
  }
  return first ^ second;
}

}  // namespace neve
