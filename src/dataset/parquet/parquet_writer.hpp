#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
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
  bool wide = false;  ///< of decimals: 38 digits instead of 18
};

struct ParquetOptions {
  std::uint64_t memory_bytes = std::uint64_t{1} << 30;
  std::stop_token stop;
};

/// Hands over one row: fills `values`, one for each column. False at the end. Texts may be borrowed until the next
/// call.
using NextValues = std::function<bool(std::span<CellValue> values)>;

/// Writes a table into the new file `path` by a DuckDB that can reach nothing but the file's folder. The same values
/// give the same bytes: one thread writes them, since rows come in one order. Errors that `next` throws come out as
/// they are; `cancelled` if `options.stop` is requested; `io`, `too_large` or `internal` if DuckDB fails. Returns the
/// number of rows.
std::uint64_t write_parquet(const std::filesystem::path& path, const std::vector<ParquetColumn>& columns,
                            const NextValues& next, const ParquetOptions& options);

/// Of the library that is linked: `v1.4.4`.
[[nodiscard]] std::string duckdb_version();

}  // namespace neve::dataset
