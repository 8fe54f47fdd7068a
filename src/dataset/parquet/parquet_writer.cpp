#include "dataset/parquet/parquet_writer.hpp"

#include <duckdb.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <limits>
#include <memory>

#include <neve/base/error.hpp>

#include "dataset/parquet/duck_error.hpp"
#include "dataset/parquet/sql_text.hpp"

namespace neve::dataset {
namespace {

struct TypeDeleter {
  void operator()(duckdb_logical_type type) const { duckdb_destroy_logical_type(&type); }
};
using LogicalType = std::unique_ptr<_duckdb_logical_type, TypeDeleter>;

LogicalType dictionary_type(const TextDictionary& dictionary) {
  std::vector<const char*> texts(dictionary.size());
  for (std::uint32_t i = 0; i < texts.size(); ++i) texts[i] = dictionary.text(i).data();
  return LogicalType(duckdb_create_enum_type(texts.data(), texts.size()));
}

/// Texts with a dictionary are an ENUM to DuckDB, which writes them as texts and need not look for equal ones.
LogicalType logical_type(const ParquetColumn& column) {
  switch (column.type) {
    case ColumnType::integer:
      return LogicalType(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
    case ColumnType::decimal:
    case ColumnType::fraction:
      return LogicalType(duckdb_create_decimal_type(column.wide ? 38 : 18, 6));
    case ColumnType::date:
      return LogicalType(duckdb_create_logical_type(DUCKDB_TYPE_DATE));
    case ColumnType::boolean:
      return LogicalType(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
    case ColumnType::text:
      break;
  }
  if (column.dictionary != nullptr) return dictionary_type(*column.dictionary);
  return LogicalType(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
}

/// How the values of a column stand in DuckDB's vectors.
enum class Storage : std::uint8_t { boolean, number8, number16, number32, number64, number128, text };

Storage storage_of(const ParquetColumn& column) {
  switch (column.type) {
    case ColumnType::integer:
      return Storage::number64;
    case ColumnType::decimal:
    case ColumnType::fraction:
      return column.wide ? Storage::number128 : Storage::number64;
    case ColumnType::date:
      return Storage::number32;
    case ColumnType::boolean:
      return Storage::boolean;
    case ColumnType::text:
      break;
  }
  if (column.dictionary == nullptr) return Storage::text;
  switch (duckdb_enum_internal_type(logical_type(column).get())) {
    case DUCKDB_TYPE_UTINYINT:
      return Storage::number8;
    case DUCKDB_TYPE_USMALLINT:
      return Storage::number16;
    default:
      return Storage::number32;
  }
}

/// Different numbers of a group that DuckDB gathers for a dictionary before it writes the column without one. By itself
/// it would gather three times as many, which leave the inner caches.
constexpr std::size_t kDictionaryLimit = 8192;

/// What DuckDB's callbacks work on. `failure` carries an exception past them.
struct Table {
  const std::vector<ParquetColumn>& columns;
  ValueSource& source;
  const ParquetOptions& options;
  std::uint64_t rows = 0;
  bool ended = false;
  std::exception_ptr failure{};
  std::vector<Storage> storages{};
};

/// A column of the chunk that DuckDB wants filled.
struct Vector {
  duckdb_vector handle;
  void* data;
  std::uint64_t* validity;  ///< null until something is blank
  Storage storage;
};

/// Short texts stand in the vector itself, zeros behind them.
void put_text(Vector& vector, idx_t row, std::string_view text) {
  duckdb_string_t inlined{};
  if (text.size() > sizeof inlined.value.inlined.inlined) {
    duckdb_vector_assign_string_element_len(vector.handle, row, text.data(), text.size());
    return;
  }
  inlined.value.inlined.length = static_cast<std::uint32_t>(text.size());
  std::memcpy(inlined.value.inlined.inlined, text.data(), text.size());
  static_cast<duckdb_string_t*>(vector.data)[row] = inlined;
}

void put_blank(Vector& vector, idx_t row) {
  if (vector.validity == nullptr) {
    duckdb_vector_ensure_validity_writable(vector.handle);
    vector.validity = duckdb_vector_get_validity(vector.handle);
  }
  duckdb_validity_set_row_invalid(vector.validity, row);
}

/// `put_one` is called for each value that is not blank, with its row.
template <class PutOne>
void put_each(Vector& vector, idx_t row, std::span<const CellValue> values, const PutOne& put_one) {
  for (const CellValue& value : values) {
    if (value.blank) {
      put_blank(vector, row);
    } else {
      put_one(row, value);
    }
    ++row;
  }
}

template <class Number>
void put_numbers(Vector& vector, idx_t row, std::span<const CellValue> values) {
  auto* const numbers = static_cast<Number*>(vector.data);
  put_each(vector, row, values,
           [numbers](idx_t at, const CellValue& value) { numbers[at] = static_cast<Number>(value.number); });
}

void put_wide_numbers(Vector& vector, idx_t row, std::span<const CellValue> values) {
  auto* const numbers = static_cast<duckdb_hugeint*>(vector.data);
  put_each(vector, row, values, [numbers](idx_t at, const CellValue& value) {
    numbers[at] = {static_cast<std::uint64_t>(value.number), static_cast<std::int64_t>(value.number >> 64)};
  });
}

void put(Vector& vector, idx_t row, std::span<const CellValue> values) {
  switch (vector.storage) {
    case Storage::text:
      return put_each(vector, row, values,
                      [&vector](idx_t at, const CellValue& value) { put_text(vector, at, value.text); });
    case Storage::boolean:
      return put_numbers<bool>(vector, row, values);
    case Storage::number8:
      return put_numbers<std::uint8_t>(vector, row, values);
    case Storage::number16:
      return put_numbers<std::uint16_t>(vector, row, values);
    case Storage::number32:
      return put_numbers<std::int32_t>(vector, row, values);
    case Storage::number64:
      return put_numbers<std::int64_t>(vector, row, values);
    case Storage::number128:
      return put_wide_numbers(vector, row, values);
  }
}

void bind(duckdb_bind_info info) {
  const auto& table = *static_cast<Table*>(duckdb_bind_get_extra_info(info));
  for (const ParquetColumn& column : table.columns) {
    duckdb_bind_add_result_column(info, column.name.c_str(), logical_type(column).get());
  }
}

void init(duckdb_init_info info) { duckdb_init_set_max_threads(info, 1); }  // rows come in one order

void fill(duckdb_function_info info, duckdb_data_chunk chunk) {
  auto& table = *static_cast<Table*>(duckdb_function_get_extra_info(info));
  try {
    if (table.options.stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped before the file was written");
    std::vector<Vector> vectors(table.columns.size());
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      const duckdb_vector handle = duckdb_data_chunk_get_vector(chunk, i);
      vectors[i] = {handle, duckdb_vector_get_data(handle), nullptr, table.storages[i]};
    }
    const idx_t size = duckdb_vector_size();
    idx_t row = 0;
    while (row < size && !table.ended) {
      const std::size_t count = table.source.next(size - row);
      table.ended = count == 0;
      for (std::size_t i = 0; count > 0 && i < vectors.size(); ++i) put(vectors[i], row, table.source.column(i));
      row += count;
    }
    table.rows += row;
    duckdb_data_chunk_set_size(chunk, row);
  } catch (...) {
    table.failure = std::current_exception();
    duckdb_function_set_error(info, "the rows could not be read");
  }
}

/// An in-memory DuckDB and its connection.
struct Session {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;

  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    duckdb_disconnect(&connection);
    duckdb_close(&database);
  }

  void run(const std::string& sql, const Table& table) {
    duckdb_result result{};
    const duckdb_state state = duckdb_query(connection, sql.c_str(), &result);
    const char* text = state == DuckDBSuccess ? nullptr : duckdb_result_error(&result);
    const std::string message = text == nullptr ? "" : text;
    duckdb_destroy_result(&result);
    if (state == DuckDBSuccess) return;
    if (table.failure) std::rethrow_exception(table.failure);
    if (message.starts_with("Out of Memory"))
      throw Error(ErrorCode::too_large,
                  "writing the table needs more memory than the " + std::to_string(table.options.memory_bytes) +
                      " bytes that it may have; a larger memory limit allows more",
                  ENOMEM);
    if (message.starts_with("IO Error")) throw duck_io_error("cannot write the normalised table", message);
    throw Error(ErrorCode::internal, "DuckDB: " + message);
  }
};

void register_rows(duckdb_connection connection, Table& table) {
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, "neve_rows");
  duckdb_table_function_set_extra_info(function, &table, nullptr);
  duckdb_table_function_set_bind(function, bind);
  duckdb_table_function_set_init(function, init);
  duckdb_table_function_set_function(function, fill);
  const duckdb_state state = duckdb_register_table_function(connection, function);
  duckdb_destroy_table_function(&function);
  if (state != DuckDBSuccess) throw Error(ErrorCode::internal, "DuckDB refuses a table function");
}

}  // namespace

std::size_t rows_of_group(std::size_t columns, std::uint64_t text_bytes_per_row) {
  constexpr std::size_t kRows = 122'880;  // DuckDB's own
  constexpr std::size_t kCells = kRows * 64;
  constexpr std::size_t kTextBytes = std::size_t{64} << 20;
  constexpr std::size_t kVector = 2048;  // DuckDB counts in these
  const std::size_t rows =
      std::min(kCells / std::max<std::size_t>(columns, 1), kTextBytes / std::max<std::size_t>(text_bytes_per_row, 1));
  return std::clamp(rows / kVector * kVector, kVector, kRows);
}

TextDictionary::Limits dictionary_limits(std::size_t columns) {
  constexpr std::size_t kTextBytes = 40;
  const std::size_t texts = rows_of_group(columns, 0) / kLeastRepetition;
  return {texts, texts * kTextBytes};
}

std::uint64_t write_parquet(const std::filesystem::path& path, const std::vector<ParquetColumn>& columns,
                            ValueSource& source, const ParquetOptions& options) {
  Table table{columns, source, options};
  for (const ParquetColumn& column : columns) table.storages.push_back(storage_of(column));
  Session session;
  if (duckdb_open(nullptr, &session.database) != DuckDBSuccess ||
      duckdb_connect(session.database, &session.connection) != DuckDBSuccess) {
    throw Error(ErrorCode::internal, "DuckDB could not be opened");
  }
  register_rows(session.connection, table);
  session.run("SET threads = 1", table);  // more would wait for this one, and busily
  session.run("SET memory_limit = '" + std::to_string(options.memory_bytes) + "B'", table);
  session.run("SET temp_directory = ''", table);
  session.run("SET preserve_insertion_order = true", table);
  session.run("SET allowed_directories = [" + sql_text(path.parent_path().string() + "/") + "]", table);
  session.run("SET enable_external_access = false", table);
  session.run("SET lock_configuration = true", table);
  session.run("COPY (SELECT * FROM neve_rows()) TO " + sql_text(path.string()) +
                  " (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT " +
                  std::to_string(kDictionaryLimit) + ", ROW_GROUP_SIZE " + std::to_string(options.group_rows) + ")",
              table);
  return table.rows;
}

std::string duckdb_version() { return duckdb_library_version(); }

}  // namespace neve::dataset
