#pragma once

#include <cstddef>
#include <cstdint>

#include <neve/base/bytes.hpp>

namespace neve {

/// Whether this processor has 256-bit carry-less multiplication but not the 512-bit one. ISA-L 2.30 uses only the
/// latter, and without it falls back to 128 bits, at half the speed of `fold_crc32`.
[[nodiscard]] bool can_fold_crc32() noexcept;

/// `fold_crc32` takes whole blocks of this many bytes, at least one.
inline constexpr std::size_t kFoldBlock = 256;

/// Sixteen bytes whose CRC-32, computed from a register of zeros instead of ones, is the one of `blocks` continued from
/// `crc`. Call only where `can_fold_crc32`. Source: V. Gopal et al., "Fast CRC computation for generic polynomials
/// using PCLMULQDQ", Intel 2009.
struct FoldedCrc32 {
  alignas(16) std::byte bytes[16];
};
[[nodiscard]] FoldedCrc32 fold_crc32(std::uint32_t crc, ByteSpan blocks) noexcept;

}  // namespace neve
