#pragma once

#include <cstdint>
#include <optional>

namespace neve::dataset {

/// A month written as one number: 202401. A plain value.
struct CompactMonth {
  int year = 0;
  int month = 0;
};

/// Reads numbers from 190001 to 210012 whose last two digits are those of a month; nothing for others.
[[nodiscard]] constexpr std::optional<CompactMonth> compact_month(std::int64_t number) noexcept {
  constexpr std::int64_t kFirst = 190'001;
  constexpr std::int64_t kLast = 210'012;
  if (number < kFirst || number > kLast) return std::nullopt;
  const CompactMonth result{static_cast<int>(number / 100), static_cast<int>(number % 100)};
  if (result.month < 1 || result.month > 12) return std::nullopt;
  return result;
}

}  // namespace neve::dataset
