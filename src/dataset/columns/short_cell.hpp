#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "dataset/values/load_bytes.hpp"

namespace neve::dataset {

/// A text of 1 to 16 bytes in two words, which are compared and hashed faster than its bytes. A plain value.
struct ShortCell {
  static constexpr std::size_t kLongest = 16;

  std::uint64_t head = 0;  ///< the first bytes, as many as `part_of` says
  std::uint64_t tail = 0;  ///< the last ones, which may be the same
  std::uint32_t size = 0;  ///< 0: there is no cell

  ShortCell() = default;
  explicit ShortCell(std::string_view text) noexcept : size(static_cast<std::uint32_t>(text.size())) {
    const char* const end = text.data() + text.size();
    // A fixed size is one load; a cell is told apart by its first and last bytes and its size.
    switch (part_of(size)) {
      case 8:
        head = load_bytes<8>(text.data());
        tail = load_bytes<8>(end - 8);
        break;
      case 4:
        head = load_bytes<4>(text.data());
        tail = load_bytes<4>(end - 4);
        break;
      case 2:
        head = load_bytes<2>(text.data());
        tail = load_bytes<2>(end - 2);
        break;
      default:
        head = load_bytes<1>(text.data());
        tail = load_bytes<1>(end - 1);
    }
  }

  friend bool operator==(const ShortCell& a, const ShortCell& b) noexcept {
    return ((a.head ^ b.head) | (a.tail ^ b.tail) | (a.size ^ b.size)) == 0;  // one branch
  }

  /// Its upper bits are mixed best.
  [[nodiscard]] std::uint64_t hash() const noexcept {
    constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15U;  // 2^64 divided by the golden ratio
    std::uint64_t hash = ((head ^ (tail << 29U | tail >> 35U)) + size) * kGolden;
    hash ^= hash >> 32U;
    return hash * kGolden;
  }

  /// The text, written to `room`.
  [[nodiscard]] std::string_view text(char (&room)[kLongest]) const noexcept {
    const std::size_t part = part_of(size);
    std::memcpy(room, &head, part);
    std::memcpy(room + size - part, &tail, part);
    return {room, size};
  }

 private:
  [[nodiscard]] static constexpr std::size_t part_of(std::size_t size) noexcept {
    return size >= 8 ? 8 : size >= 4 ? 4 : size >= 2 ? 2 : 1;
  }
};

}  // namespace neve::dataset
