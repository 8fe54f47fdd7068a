#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "dataset/xlsx/number_formats.hpp"

namespace neve::dataset {

/// The number in a cell as text: the digits as they stand if there are at most 15 of them, which is what Excel shows
/// and keeps; else rounded to 15. Of dates, times and percentages what they mean: `2024-01-31`, `2024-01-31T10:22:33`,
/// `10:22:33`, `12.5%`. Text that is no number, and dates outside the years 1900 to 9999, come back as they are.
[[nodiscard]] std::string cell_number_text(std::string_view value, NumberMeaning meaning, bool from_1904);

/// The day that a workbook calls 0, in days since 1970; where it counts from 1900, for days behind February 1900.
[[nodiscard]] std::int32_t day_zero(bool from_1904) noexcept;

}  // namespace neve::dataset
