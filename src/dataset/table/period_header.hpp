#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <neve/dataset/grain.hpp>

namespace neve::dataset {

/// A column's header that is a period: what it is called in a date column, and how fine it is.
struct HeaderPeriod {
  std::string text;  ///< `2024`, or a date that `parse_date` reads
  Grain grain = Grain::none;
  bool has_year = true;      ///< else it is the name of a month or quarter alone
  std::string measure = {};  ///< `Revenue` of `Revenue 2023`, if there are several such
  bool trimester = false;    ///< written T1 or 1T: a quarter, or a third where there is no fourth
};

/// Reads `2024`, `FY2024`, `FY24`, `2024E` (A, E, F: actual, estimate, forecast), `Jan 2024`, `2024-01`, `2024-Q1`, `Q1
/// 2024`, `T1 2024`, `1T24` and dates; nothing for other headers.
[[nodiscard]] std::optional<HeaderPeriod> period_of_header(std::string_view header);

/// The same for all headers of a table: where each that could be a month is two years in a row, such as `2009/10`, they
/// are years, called by the one in which they begin. If no header is a period alone, those are that have words before
/// or behind one or around it (`Revenue 2023`, `Revenue 2023 (TEUR)`): all of them the same words, or each of several
/// measures with the same periods, two at least. Or else the names of months or quarters are (`Jan`, `Q1`). Months that
/// are numbers come before these, if `are_year_months`. Years with a letter are none where others have other letters,
/// and `T1 2024` is no quarter where there is no fourth.
[[nodiscard]] std::vector<std::optional<HeaderPeriod>> periods_of_headers(std::span<const std::string> headers);

/// Whether the headers that are numbers are at least two, all different, and all months in six digits or with a
/// point: `202401`, `01.2024`.
[[nodiscard]] bool are_year_months(std::span<const std::string> headers);

/// For a person: of headers with a period beside words, which words have which periods, where these differ;
/// else, and of many words, empty.
[[nodiscard]] std::string unlike_measures(std::span<const std::string> headers);

}  // namespace neve::dataset
