#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "dataset/columns/cell_converter.hpp"

namespace neve::dataset {

/// A column of the Parquet file.
struct ParquetColumn {
  std::string name;
  ColumnType type = ColumnType::text;
  bool wide = false;                           ///< of decimals: 38 digits instead of 18
  const TextDictionary* dictionary = nullptr;  ///< of texts: all there are; the values are numbers in it
};

/// A group of rows is in memory, several times over, before it is written: so many cells and bytes of texts at most,
/// whatever the memory, which must make no difference to what is written. Usual tables get the groups that DuckDB makes
/// by itself. `text_bytes_per_row` is the mean of texts without a dictionary.
[[nodiscard]] std::size_t rows_of_group(std::size_t columns, std::uint64_t text_bytes_per_row);

/// A table with so many columns has dictionaries of this size at most: all of them together stay in bounded memory.
[[nodiscard]] TextDictionary::Limits dictionary_limits(std::size_t columns);

/// A dictionary pays if its texts stand in so many rows each.
inline constexpr std::size_t kLeastRepetition = 5;

struct ParquetOptions {
  std::size_t group_rows;
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
  std::stop_token stop;
};

/// The rows of the table, some at a time and those column by column. Used by one thread.
class ValueSource {
 public:
  virtual ~ValueSource() = default;
  /// Goes on to the next rows, at most `most` of them; how many. 0 at the end.
  virtual std::size_t next(std::size_t most) = 0;
  /// Their values in one column, asked for once. Texts may be borrowed until the next rows.
  virtual std::span<const CellValue> column(std::size_t column) = 0;
};

/// Writes a table into the new file `path` by a DuckDB that can reach nothing but the file's folder. The same values
/// give the same bytes: one thread writes them, since rows come in one order. Errors that `source` throws come out as
/// they are; `cancelled` if `options.stop` is requested; `io`, `too_large` or `internal` if DuckDB fails. Returns the
/// number of rows.
std::uint64_t write_parquet(const std::filesystem::path& path, const std::vector<ParquetColumn>& columns,
                            ValueSource& source, const ParquetOptions& options);

/// Of the library that is linked: `v1.4.4`.
[[nodiscard]] std::string duckdb_version();

}  // namespace neve::dataset
