#pragma once

#include <duckdb.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/scratch_folder.hpp>

#include "dataset/analysis/concentration/wide.hpp"

namespace neve::dataset {

/// What a session may use and see.
struct DuckLimits {
  unsigned threads = 0;                ///< 0: as many as the machine has
  std::uint64_t memory_bytes = 0;      ///< 0: DuckDB's own choice, four fifths of the machine's
  std::filesystem::path readable;      ///< the only folder whose files can be read
  std::filesystem::path spill_folder;  ///< inside which what does not fit into memory goes; empty: it fails instead
};

/// Rows of a result, a few thousand at a time. Borrowed for the call that hands it over.
class DuckChunk {
 public:
  explicit DuckChunk(duckdb_data_chunk chunk);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool null(std::size_t column, std::size_t row) const;
  /// Of a BIGINT column.
  [[nodiscard]] std::int64_t integer(std::size_t column, std::size_t row) const;
  /// Of a HUGEINT column, or of a wide DECIMAL without its point.
  [[nodiscard]] Int128 huge(std::size_t column, std::size_t row) const;
  /// Of a VARCHAR column; borrowed from the chunk.
  [[nodiscard]] std::string_view text(std::size_t column, std::size_t row) const;

 private:
  /// Asked for once: for every cell it would take longer than the cell.
  struct Column {
    void* data;
    std::uint64_t* validity;  ///< nullptr if no row is null
  };
  template <class T>
  [[nodiscard]] T* data(std::size_t column) const {
    return static_cast<T*>(columns_[column].data);
  }

  std::vector<Column> columns_;
  std::size_t size_;
};

/// An in-memory DuckDB that sees nothing but one folder. Used by one thread.
class DuckSession {
 public:
  /// Throws `internal` if DuckDB cannot be opened, and `io` if nothing can be made in the spill folder.
  explicit DuckSession(const DuckLimits& limits);
  ~DuckSession();
  DuckSession(const DuckSession&) = delete;
  DuckSession& operator=(const DuckSession&) = delete;

  /// Runs one statement and hands over its rows. Throws `cancelled` if `stop` is requested before it has finished,
  /// `too_large` for sums beyond 38 digits and for want of memory, `io` if the table cannot be read and `internal`
  /// otherwise.
  void run(const std::string& sql, const std::stop_token& stop, const std::function<void(const DuckChunk&)>& consume);

 private:
  void set(const std::string& statement);

  std::optional<ScratchFolder> spill_;
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

}  // namespace neve::dataset
