#pragma once

#include <algorithm>
#include <cstdint>

#include <neve/base/usable_memory.hpp>
#include <neve/codec/npz.hpp>

namespace neve {

/// Half of the memory that this process may use, in bytes.
[[nodiscard]] inline std::uint64_t half_of_memory() { return usable_memory() / 2; }

/// What the arrays of a payload of `stored_bytes` may need, decoded: `decoded_bytes`, or as much as is stored, since
/// what is stored as it is cannot surprise.
[[nodiscard]] inline NpzReadLimits decoded_limits(std::uint64_t stored_bytes, std::uint64_t decoded_bytes) {
  NpzReadLimits limits;
  limits.array_bytes = std::max(stored_bytes, decoded_bytes);
  return limits;
}

}  // namespace neve
