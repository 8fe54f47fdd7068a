#pragma once

#include <string_view>

#include <neve/dataset/add_options.hpp>

namespace neve::dataset {

// The words of options: those of the command, of Python, of HTTP and of lineage.json.

/// `auto`, `dmy` or `mdy`.
[[nodiscard]] std::string_view to_string(DateOrder order);

/// Throws `invalid_argument` for another word.
[[nodiscard]] DateOrder parse_date_order(std::string_view word);

/// `exclude` or `keep`.
[[nodiscard]] std::string_view to_string(TotalRowsUse use);

/// Throws `invalid_argument` for another word.
[[nodiscard]] TotalRowsUse parse_total_rows_use(std::string_view word);

/// The mark that `point`, `comma`, `.` or `,` says. Throws `invalid_argument` for another word.
[[nodiscard]] char parse_decimal_mark(std::string_view word);

/// The delimiter: `tab`, `\t`, or one printable character of ASCII that is no space. Throws `invalid_argument` for
/// another word.
[[nodiscard]] char parse_delimiter(std::string_view word);

/// The quote, likewise, or the zero of `none`.
[[nodiscard]] char parse_quote(std::string_view word);

}  // namespace neve::dataset
