#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dataset/values/load_bytes.hpp"

/// Digits by the eight: the characters of a short text stand in one word, the first in its lowest byte, and are looked
/// at and added up together. How many there are then costs no branch that cannot be predicted.
namespace neve::dataset::detail {

inline constexpr std::size_t kWordBytes = sizeof(std::uint64_t);

/// The characters of a text of 1 to 8, behind them zeros.
[[nodiscard]] inline std::uint64_t characters_of(std::string_view text) noexcept {
  const std::size_t size = text.size();
  const char* const end = text.data() + size;
  const auto joined = [&](std::uint64_t head, std::uint64_t tail, std::size_t part) {
    return head | tail << (8 * (size - part));  // bytes in both are the same
  };
  if (size >= 4) return joined(load_first_lowest<4>(text.data()), load_first_lowest<4>(end - 4), 4);
  if (size >= 2) return joined(load_first_lowest<2>(text.data()), load_first_lowest<2>(end - 2), 2);
  return load_first_lowest<1>(text.data());
}

/// What the digits among characters stand for, a byte each; those of all others are beyond 9.
[[nodiscard]] constexpr std::uint64_t digits_of(std::uint64_t characters) noexcept {
  return characters ^ 0x3030303030303030U;
}

/// The upper bit of every byte that is beyond 9.
[[nodiscard]] constexpr std::uint64_t beyond_digits(std::uint64_t digits) noexcept {
  constexpr std::uint64_t kUpper = 0x8080808080808080U;
  constexpr std::uint64_t kToUpper = 0x7676767676767676U;  // 0x80 - 10
  return (((digits & ~kUpper) + kToUpper) | digits) & kUpper;
}

/// Each two digits as one number, in the lower of their bytes; the upper one is 0.
[[nodiscard]] constexpr std::uint64_t pairs_of(std::uint64_t digits) noexcept {
  return (digits * 10 + (digits >> 8U)) & 0x00FF00FF00FF00FFU;
}

/// The number that eight digits are.
[[nodiscard]] constexpr std::uint64_t number_of(std::uint64_t digits) noexcept {
  const std::uint64_t pairs = pairs_of(digits);
  const std::uint64_t fours = (pairs * 100 + (pairs >> 16U)) & 0x0000FFFF0000FFFFU;
  return (fours * 10'000 + (fours >> 32U)) & 0xFFFFFFFFU;
}

/// The number that the first `count` digits are, 1 to 8.
[[nodiscard]] constexpr std::uint64_t number_of(std::uint64_t digits, std::size_t count) noexcept {
  return number_of(digits << (8 * (kWordBytes - count)));
}

}  // namespace neve::dataset::detail
