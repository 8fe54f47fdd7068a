#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <neve/base/ascii.hpp>

#include "dataset/values/digit_word.hpp"

namespace neve::dataset {

/// A number as nearly all are written: `-1234.5`, `$1,234.50`. A plain value.
struct PlainNumber {
  static constexpr std::size_t kMostInteger = 11;  ///< with the decimals fewer digits than 64 bits hold
  static constexpr std::size_t kMostDecimals = 6;

  std::uint64_t digits = 0;  ///< all of them, one number
  std::size_t integer = 0;   ///< how many stand before the point; at least one
  std::size_t decimals = 0;  ///< and behind it; 0: there is no point
  bool dollar = false;
  bool negative = false;
  bool grouped = false;  ///< commas stand between the thousands
  bool leading_zero = false;

  /// The value in millionths.
  [[nodiscard]] std::int64_t micro() const noexcept {
    static constexpr std::array<std::int64_t, kMostDecimals + 1> kPowers{1'000'000, 100'000, 10'000, 1000, 100, 10, 1};
    const std::int64_t size = static_cast<std::int64_t>(digits) * kPowers[decimals];
    return negative ? -size : size;
  }
};

namespace detail {
/// Takes the three digits of each group from the front.
inline bool take_groups(const char*& at, const char* end, PlainNumber& number) noexcept {
  constexpr std::ptrdiff_t kGroup = 4;  // with its comma
  number.grouped = true;
  while (at != end && *at == ',') {
    if (end - at < kGroup || !is_digit(at[1]) || !is_digit(at[2]) || !is_digit(at[3])) return false;
    const int thousand = (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0');
    number.digits = number.digits * 1000 + static_cast<unsigned>(thousand);
    number.integer += 3;
    at += kGroup;
  }
  return true;
}

/// `plain_number` byte by byte.
[[nodiscard]] inline std::optional<PlainNumber> plain_number_by_bytes(std::string_view cell) noexcept {
  constexpr std::size_t kLongest = 2 + PlainNumber::kMostInteger + 3 + 1 + PlainNumber::kMostDecimals;
  if (cell.size() > kLongest) return std::nullopt;
  PlainNumber number;
  const char* at = cell.data();
  const char* const end = at + cell.size();
  number.dollar = at != end && *at == '$';
  if (number.dollar) ++at;
  number.negative = at != end && *at == '-';
  if (number.negative) ++at;
  const char* const first = at;
  const auto take_digits = [&] {
    for (; at != end && is_digit(*at); ++at) number.digits = number.digits * 10 + static_cast<unsigned>(*at - '0');
  };
  take_digits();
  number.integer = static_cast<std::size_t>(at - first);
  if (number.integer == 0) return std::nullopt;
  number.leading_zero = *first == '0' && number.integer > 1;
  if (at != end && *at == ',') {
    if (number.integer > 3 || *first == '0' || !take_groups(at, end, number)) return std::nullopt;
  }
  if (number.integer > PlainNumber::kMostInteger) return std::nullopt;
  if (at == end) return number;
  if (*at++ != '.') return std::nullopt;
  number.decimals = static_cast<std::size_t>(end - at);
  if (number.decimals == 0 || number.decimals > PlainNumber::kMostDecimals) return std::nullopt;
  take_digits();
  if (at != end) return std::nullopt;
  return number;
}

/// `plain_number` of 1 to 8 characters, all at once.
[[nodiscard]] inline std::optional<PlainNumber> plain_number_in_word(std::string_view cell) noexcept {
  PlainNumber number;
  std::uint64_t characters = characters_of(cell);
  std::size_t size = cell.size();
  number.dollar = (characters & 0xFFU) == '$';
  characters >>= number.dollar ? 8U : 0U;
  size -= number.dollar ? 1 : 0;
  number.negative = (characters & 0xFFU) == '-';
  characters >>= number.negative ? 8U : 0U;
  size -= number.negative ? 1 : 0;
  std::uint64_t digits = digits_of(characters);
  const std::uint64_t others = beyond_digits(digits);  // a point, and what stands behind the cell
  number.integer = static_cast<std::size_t>(std::countr_zero(others)) / 8;
  if (number.integer == 0) return std::nullopt;
  number.leading_zero = number.integer > 1 && (digits & 0xFFU) == 0;
  if (number.integer == size) {
    number.digits = number_of(digits, size);
    return number;
  }
  const std::size_t point = 8 * number.integer;
  const std::uint64_t behind = others & (others - 1);
  const std::size_t end = static_cast<std::size_t>(std::countr_zero(behind)) / 8;
  number.decimals = size - 1 - number.integer;
  if ((characters >> point & 0xFFU) == ',') return plain_number_by_bytes(cell);
  if ((characters >> point & 0xFFU) != '.' || end != size) return std::nullopt;
  if (number.decimals == 0 || number.decimals > PlainNumber::kMostDecimals) return std::nullopt;
  const std::uint64_t before = (std::uint64_t{1} << point) - 1;
  digits = (digits & before) | (digits >> 8U & ~before);
  number.digits = number_of(digits, size - 1);
  return number;
}

}  // namespace detail

/// Reads a trimmed cell with a point as decimal mark if it is one of these: perhaps a dollar, perhaps a minus, digits,
/// perhaps with commas between all thousands, perhaps a point and decimals. It then means what `parse_number` says.
[[nodiscard]] inline std::optional<PlainNumber> plain_number(std::string_view cell) noexcept {
  const bool short_cell = !cell.empty() && cell.size() <= detail::kWordBytes;
  if (short_cell) return detail::plain_number_in_word(cell);
  return detail::plain_number_by_bytes(cell);
}

}  // namespace neve::dataset
