#pragma once

#include <duckdb.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <neve/base/clock.hpp>
#include <neve/base/digest.hpp>
#include <neve/base/file.hpp>
#include <neve/dataset/dataset_store.hpp>

#include "dataset/dataset_folder.hpp"
#include "dataset/file_sha256.hpp"
#include "dataset/staging_folder.hpp"
#include "support/temporary_folder.hpp"

namespace neve::dataset {

/// Runs SQL in a database of its own; throws what DuckDB says.
inline void run_sql(const std::string& sql) {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  duckdb_open(nullptr, &database);
  duckdb_connect(database, &connection);
  duckdb_result result;
  const bool good = duckdb_query(connection, sql.c_str(), &result) == DuckDBSuccess;
  const std::string message = good ? "" : duckdb_result_error(&result);
  duckdb_destroy_result(&result);
  duckdb_disconnect(&connection);
  duckdb_close(&database);
  if (!good) throw std::runtime_error(message);
}

inline Column make_column(const std::string& name, ColumnType type, TimePart part = TimePart::none) {
  Column column;
  column.name = name;
  column.original = name;
  column.type = type;
  column.time_part = part;
  if (part != TimePart::none) column.role = ColumnRole::time;
  return column;
}

/// Columns customer, date, revenue, as the sample tables have them.
inline Schema sales_schema() {
  Schema schema;
  schema.columns = {make_column("customer", ColumnType::text), make_column("date", ColumnType::date, TimePart::date),
                    make_column("revenue", ColumnType::decimal)};
  schema.time_candidates = {{{"date"}, Grain::month}};
  schema.period_grain = Grain::month;
  return schema;
}

/// A store in a temporary folder whose datasets are made from SQL instead of files.
class TestStore {
 public:
  explicit TestStore(const Clock& clock = Clock::system()) : clock_(clock), store_(folder_.path() / "storage", clock) {}

  [[nodiscard]] const DatasetStore& store() const { return store_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  /// Publishes the rows of `select` as a new generation of `id`.
  DatasetRecord publish(const std::string& id, const std::string& select, const Schema& schema = sales_schema()) {
    const StoreLayout layout{store_.root()};
    StagingFolder staging(layout.staging());
    std::filesystem::create_directory(staging.path() / "analyses");
    DatasetRecord record;
    record.id = record.name = id;
    record.source_name = id + ".csv";
    record.generation = store_.generation(id) + 1;
    record.content_sha256 = sha256_hex(select);
    record.created_at = record.changed_at = clock_.now();
    set_paths(record, staging.path());
    run_sql("COPY (" + select + ") TO '" + record.normalized.string() + "' (FORMAT parquet)");
    const std::string schema_text = dump_spaced_json(schema.to_json());
    replace_file(record.schema, as_byte_span(schema_text), Durability::none);
    record.schema_sha256 = sha256_hex(schema_text);
    record.normalized_sha256 = file_sha256(record.normalized);
    write_record(staging.path(), record);
    staging.publish_as(layout.dataset(id));
    set_paths(record, layout.dataset(id));
    return record;
  }

  /// The rows of a CSV file with the columns customer, date and revenue, in the file's order or shuffled.
  static std::string sales_rows(const std::string& csv, const std::string& order = "") {
    return "SELECT nullif(customer, '') AS customer, date, revenue FROM read_csv('" + csv +
           "', header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {'customer': "
           "'VARCHAR', "
           "'date': 'DATE', 'revenue': 'DECIMAL(18,6)'})" +
           order;
  }

 private:
  TemporaryFolder folder_;
  const Clock& clock_;
  DatasetStore store_;
};

}  // namespace neve::dataset
