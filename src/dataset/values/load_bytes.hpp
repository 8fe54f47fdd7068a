#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace neve::dataset {

/// `Size` bytes in a register, as they stand in memory: what is written in pieces is slow to read as one.
template <std::size_t Size>
[[nodiscard]] inline std::uint64_t load_bytes(const char* at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, Size);
  return word;
}

/// The same with the first byte lowest, whatever the machine's order.
template <std::size_t Size>
[[nodiscard]] inline std::uint64_t load_first_lowest(const char* at) noexcept {
  const std::uint64_t word = load_bytes<Size>(at);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

}  // namespace neve::dataset
