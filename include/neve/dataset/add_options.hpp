#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include <neve/dataset/schema.hpp>

namespace neve::dataset {

/// Which of day and month comes first where a date such as 03/04/2024 leaves it open.
enum class DateOrder { automatic, day_first, month_first };

/// What becomes of rows that sum up other rows: analyses leave them out, or they are data like any others.
enum class TotalRowsUse { exclude, keep };

/// Told while a file is added: `step` is a short name such as `reading`; `fraction` runs from 0 to 1 within it, and is
/// negative where it cannot be told. Called from one thread at a time, several times a second.
using AddProgress = std::function<void(std::string_view step, double fraction)>;

/// How to read a file. What is not set is found out from the whole file. A plain value.
struct AddOptions {
  std::string id;           ///< empty: made from the file's name
  std::string name;         ///< empty: the file's name
  std::string source_name;  ///< name to remember instead of the file's own, as of an upload

  std::string sheet;     ///< of a workbook, by name or by number from 1; empty: the first that is visible
  std::string encoding;  ///< `utf-8`, `utf-16`, `latin-1` or `windows-1252`; empty: found out
  std::optional<char> delimiter;
  std::optional<char> quote;                ///< the character around quoted cells, usually `"`; '\0': none is one
  std::optional<std::uint64_t> header_row;  ///< counted from 1; 0: the file has no header
  DateOrder date_order = DateOrder::automatic;
  std::optional<char> decimal_mark;  ///< `.` or `,`, where a column leaves it open
  TotalRowsUse total_rows = TotalRowsUse::exclude;
  bool unpivot = false;                     ///< a column per period becomes a row per period
  std::map<std::string, ColumnType> types;  ///< by normalised name; cells that do not fit become blank, and are counted

  std::uint64_t max_source_bytes = std::uint64_t{16} << 30;    ///< of the file itself
  std::uint64_t max_unpacked_bytes = std::uint64_t{64} << 30;  ///< of what an archive unpacks to
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;         ///< for the database that writes the Parquet file

  AddProgress progress;
  std::stop_token stop;
};

}  // namespace neve::dataset
