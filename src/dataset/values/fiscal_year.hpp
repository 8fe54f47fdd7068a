#pragma once

#include <optional>
#include <string_view>

namespace neve::dataset {

/// A year of a business or a season, which two calendar years share.
struct FiscalYear {
  int year = 0;             ///< that it is called by; of a range the year in which it begins
  bool range = false;       ///< written as two years
  bool short_year = false;  ///< written with two digits: 69 to 99 are of the last century
};

/// Reads a trimmed cell such as `2009/10`, `2009-2010`, `FY2023`, `FY 23`, `FY2009/10`, `2023年` or `令和5年`; nothing
/// for others. A range has two years that follow each other, with a slash, a hyphen or a dash between them.
[[nodiscard]] std::optional<FiscalYear> parse_fiscal_year(std::string_view cell);

}  // namespace neve::dataset
