#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/xlsx/archive.hpp"

namespace neve::dataset {

/// What a number in a cell means, by the format it is shown in.
enum class NumberMeaning : std::uint8_t {
  number,
  date,      ///< days, with the time of day as their fraction
  time,      ///< a time of day alone
  percent,   ///< a fraction shown as percent
  duration,  ///< days, shown as elapsed hours, minutes or seconds
};

/// What cells of one style show. A plain value.
struct NumberFormat {
  NumberMeaning meaning = NumberMeaning::number;
  std::string currency;  ///< of amounts; empty: none that is known
  std::string unit;      ///< in which they are counted, with its currency: `TEUR`, `Mio`; empty: in ones
};

/// The meaning of a format code such as `yyyy-mm-dd` or `0.0%`; only its first section counts. Elapsed times (`[h]:mm`)
/// are durations.
[[nodiscard]] NumberMeaning meaning_of_format(std::string_view code);

/// What a format code says of numbers, in its first section. The currency is what it shows (`[$€-407] #,##0.00`,
/// `0 "EUR"`), if it is known; the unit the thousands or more that it shows behind or before them (`TEUR` of
/// `#,##0" TEUR"`), which is none where it divides them itself (`0,"k"`), nor are single letters without a currency:
/// metres and tonnes. A currency that the unit has is in the unit alone.
[[nodiscard]] NumberFormat format_of_code(std::string_view code);

/// The format of each style that cells name by its index; empty where a workbook has no styles. Source of the built-in
/// numbers: ECMA-376, part 1, 18.8.30.
[[nodiscard]] std::vector<NumberFormat> read_number_formats(XlsxArchive& archive, const std::string& part);

}  // namespace neve::dataset
