#include "dataset/analysis/compute/duck_session.hpp"

#include <thread>

#include <neve/base/error.hpp>
#include <neve/base/usable_processors.hpp>

#include "dataset/analysis/compute/duck_failure.hpp"
#include "dataset/parquet/sql_text.hpp"

namespace neve::dataset {
namespace {

Error error_of(const char* message) { return analysis_failure(message == nullptr ? "no message" : message); }

/// Statement, its execution and its result; whatever there is of them is given back.
struct Execution {
  duckdb_prepared_statement statement = nullptr;
  duckdb_pending_result pending = nullptr;
  duckdb_result result{};

  Execution() = default;
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;
  ~Execution() {
    duckdb_destroy_result(&result);
    if (pending != nullptr) duckdb_destroy_pending(&pending);
    if (statement != nullptr) duckdb_destroy_prepare(&statement);
  }
};

[[noreturn]] void cancelled() { throw Error(ErrorCode::cancelled, "the analysis was stopped before it was done"); }

}  // namespace

DuckChunk::DuckChunk(duckdb_data_chunk chunk) : size_(duckdb_data_chunk_get_size(chunk)) {
  columns_.resize(duckdb_data_chunk_get_column_count(chunk));
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, column);
    columns_[column] = {duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector)};
  }
}

bool DuckChunk::null(std::size_t column, std::size_t row) const {
  std::uint64_t* validity = columns_[column].validity;
  return validity != nullptr && !duckdb_validity_row_is_valid(validity, row);
}

std::int64_t DuckChunk::integer(std::size_t column, std::size_t row) const { return data<std::int64_t>(column)[row]; }

Int128 DuckChunk::huge(std::size_t column, std::size_t row) const {
  const duckdb_hugeint value = data<duckdb_hugeint>(column)[row];
  return static_cast<Int128>((static_cast<UInt128>(static_cast<std::uint64_t>(value.upper)) << 64) | value.lower);
}

std::string_view DuckChunk::text(std::size_t column, std::size_t row) const {
  duckdb_string_t& value = data<duckdb_string_t>(column)[row];
  return {duckdb_string_t_data(&value), duckdb_string_t_length(value)};
}

DuckSession::DuckSession(const DuckLimits& limits) {
  if (!limits.spill_folder.empty()) spill_.emplace(limits.spill_folder, "spill");
  if (duckdb_open(nullptr, &database_) != DuckDBSuccess || duckdb_connect(database_, &connection_) != DuckDBSuccess) {
    if (database_ != nullptr) duckdb_close(&database_);
    throw Error(ErrorCode::internal, "DuckDB could not be opened");
  }
  try {
    const unsigned threads = limits.threads > 0 ? limits.threads : usable_processors();
    set("threads = " + std::to_string(threads));
    if (limits.memory_bytes > 0) set("memory_limit = '" + std::to_string(limits.memory_bytes) + "B'");
    // Its own: DuckDB names its files in there by their size and number, and opens what is there already.
    set("temp_directory = " + sql_text(spill_ ? spill_->path().string() : ""));
    set("preserve_insertion_order = false");  // groups are ranked afterwards by a total order
    set("allowed_directories = [" + sql_text(limits.readable.string() + "/") + "]");
    set("enable_external_access = false");
    set("lock_configuration = true");
  } catch (...) {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
    throw;
  }
}

DuckSession::~DuckSession() {
  duckdb_disconnect(&connection_);
  duckdb_close(&database_);
}

void DuckSession::set(const std::string& statement) {
  run("SET " + statement, {}, [](const DuckChunk&) {});
}

void DuckSession::run(const std::string& sql, const std::stop_token& stop,
                      const std::function<void(const DuckChunk&)>& consume) {
  if (stop.stop_requested()) cancelled();
  Execution execution;
  if (duckdb_prepare(connection_, sql.c_str(), &execution.statement) != DuckDBSuccess) {
    throw error_of(duckdb_prepare_error(execution.statement));
  }
  if (duckdb_pending_prepared(execution.statement, &execution.pending) != DuckDBSuccess) {
    throw error_of(duckdb_pending_error(execution.pending));
  }
  // One task at a time on this thread, others on DuckDB's own, so that a request to stop is never missed. A pending
  // result is always run to an end, interrupted or not: DuckDB 1.4 corrupts its memory when one is thrown away
  // half-way.
  const std::stop_callback interrupt(stop, [this] { duckdb_interrupt(connection_); });
  duckdb_pending_state state = DUCKDB_PENDING_RESULT_NOT_READY;
  while (!duckdb_pending_execution_is_finished(state)) {
    if (stop.stop_requested()) duckdb_interrupt(connection_);
    state = duckdb_pending_execute_task(execution.pending);
    if (state == DUCKDB_PENDING_NO_TASKS_AVAILABLE) std::this_thread::yield();
  }
  if (state == DUCKDB_PENDING_ERROR) {
    if (stop.stop_requested()) cancelled();
    throw error_of(duckdb_pending_error(execution.pending));
  }
  if (duckdb_execute_pending(execution.pending, &execution.result) != DuckDBSuccess) {
    if (stop.stop_requested()) cancelled();
    throw error_of(duckdb_result_error(&execution.result));
  }
  if (stop.stop_requested()) cancelled();
  while (duckdb_data_chunk chunk = duckdb_fetch_chunk(execution.result)) {
    const std::unique_ptr<_duckdb_data_chunk, void (*)(duckdb_data_chunk)> owner(
        chunk, [](duckdb_data_chunk held) { duckdb_destroy_data_chunk(&held); });
    consume(DuckChunk(chunk));
  }
}

}  // namespace neve::dataset
