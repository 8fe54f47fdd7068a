#include "codec/deflate/crc32.hpp"

#include <isa-l/crc.h>

#include <array>

#include "codec/deflate/crc32_polynomial.hpp"
#include "codec/deflate/crc32_wide.hpp"
#include "codec/deflate/vector_state.hpp"

namespace neve {
namespace {

// x^(8 * 2^k) for k = 0, 1, ...: one factor for each bit of a length in bytes.
constexpr std::array<crc::Polynomial, 64> make_powers() noexcept {
  std::array<crc::Polynomial, 64> powers{};
  crc::Polynomial power = crc::power_of_x(8);
  for (crc::Polynomial& entry : powers) {
    entry = power;
    power = crc::multiply(power, power);
  }
  return powers;
}
constexpr std::array<crc::Polynomial, 64> kPowers = make_powers();

std::uint32_t checksum_with_isal(std::uint32_t crc, ByteSpan bytes) noexcept {
  return crc32_gzip_refl(crc, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

}  // namespace

std::uint32_t crc32(std::uint32_t crc, ByteSpan bytes) noexcept {
  if (bytes.size() >= kFoldBlock && can_fold_crc32()) {
    const std::size_t whole = bytes.size() / kFoldBlock * kFoldBlock;
    const FoldedCrc32 folded = fold_crc32(crc, bytes.first(whole));
    crc = checksum_with_isal(~std::uint32_t{0}, folded.bytes);  // all ones, which ISA-L inverts to a zero register
    bytes = bytes.subspan(whole);
  }
  crc = checksum_with_isal(crc, bytes);
  clear_vector_uppers();
  return crc;
}

std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second, std::uint64_t second_bytes) noexcept {
  // Appending n bytes multiplies the first remainder by x^(8n).
  for (std::size_t k = 0; second_bytes != 0; ++k, second_bytes >>= 1) {
    if ((second_bytes & 1) != 0) first = crc::multiply(first, kPowers[k]);
  }
  return first ^ second;
}

}  // namespace neve
