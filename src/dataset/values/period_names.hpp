#pragma once

#include <string_view>

namespace neve::dataset {

/// 1 to 12 for the English, German, French or Spanish name of a month or its abbreviation, whatever its case; else 0.
[[nodiscard]] int month_of_name(std::string_view name);

/// 1 to 4 for `Q1`, `1Q`, `Quarter 1`; else 0.
[[nodiscard]] int quarter_of_name(std::string_view name);

}  // namespace neve::dataset
