#pragma once

#include <cstdint>
#include <string_view>

namespace neve::redis {

inline constexpr std::size_t kSlots = 16384;

/// The cluster slot of `key`: CRC-16/XMODEM of the part between the first '{' and the next '}' if that is not empty, of
/// the whole key otherwise. Source: Redis cluster specification, "Key distribution model" and "Hash tags".
[[nodiscard]] std::uint16_t key_slot(std::string_view key) noexcept;

}  // namespace neve::redis
