#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dataset/csv/dialect.hpp"

namespace neve::dataset {

/// A text in UTF-8 on disk that is, or should be, a table. A plain value.
struct TextFile {
  std::filesystem::path path;
  std::uint64_t skip = 0;                ///< bytes of a byte order mark
  std::size_t sheet_width = 0;           ///< of a sheet: cells of its widest row, though records end earlier; else 0
  std::optional<Dialect> dialect;        ///< known where neve wrote the text itself
  std::optional<std::int32_t> day_zero;  ///< of a sheet: the day its workbook counts days from, in days since 1970
};

/// Where in a text the table is. A plain value.
struct TableLayout {
  Dialect dialect;
  std::vector<std::string> headers;  ///< as they stand there, trimmed; `column N` where there are none
  std::uint64_t first_record = 1;    ///< number of the first record that may be a row
  std::size_t least_fields = 0;      ///< rows may end so early: the cells they have not are blank; else all are needed
  std::vector<std::uint64_t> remarks;  ///< lines of records that are no rows, ascending; rows of a sheet
  bool has_header = true;
  std::uint64_t preface_records = 0;  ///< records before the header: titles and notes
  std::string narrow_header;          ///< where there is no header: a line of words with too few of them, for a message
};

/// What was asked for; the rest is found out.
struct LayoutOptions {
  std::optional<char> delimiter;
  std::optional<char> quote;
  std::optional<std::uint64_t> header_row;
};

/// Finds delimiter, quotes and header from the beginning of the text. Only these: types are decided from all rows.
/// Throws `invalid_argument` if it is no table.
[[nodiscard]] TableLayout find_layout(const TextFile& text, const LayoutOptions& options, const std::string& name);

}  // namespace neve::dataset
