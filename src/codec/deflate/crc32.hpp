#pragma once

#include <cstdint>

#include <neve/base/bytes.hpp>

namespace neve {

/// The CRC-32 of zip and gzip, continued from `crc` (0 at the start).
[[nodiscard]] std::uint32_t crc32(std::uint32_t crc, ByteSpan bytes) noexcept;

/// The CRC-32 of two pieces one after the other, from the CRC-32 of each and the length of the second.
[[nodiscard]] std::uint32_t crc32_combine(std::uint32_t first, std::uint32_t second,
                                          std::uint64_t second_bytes) noexcept;

}  // namespace neve
