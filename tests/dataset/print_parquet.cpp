// Prints a Parquet file as one JSON list per row, every value as text or null: what the tests of `neve dataset` look
// at. With a second file, that one gets the table as CSV instead. usage: print_parquet FILE [CSV]

#include <duckdb.h>

#include <cstdio>
#include <string>

#include <nlohmann/json.hpp>

namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

}  // namespace

int main(int count, char** words) {
  if (count != 2 && count != 3) return 2;
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  duckdb_result result{};
  const std::string rows = "SELECT COLUMNS(*)::VARCHAR FROM read_parquet(" + quoted(words[1]) + ")";
  const std::string sql = count == 2 ? rows : "COPY (" + rows + ") TO " + quoted(words[2]) + " (FORMAT csv, HEADER)";
  if (duckdb_open(nullptr, &database) != DuckDBSuccess || duckdb_connect(database, &connection) != DuckDBSuccess ||
      duckdb_query(connection, sql.c_str(), &result) != DuckDBSuccess) {
    std::fprintf(stderr, "%s\n", duckdb_result_error(&result));
    return 1;
  }
  const idx_t columns = duckdb_column_count(&result);
  while (duckdb_data_chunk chunk = count == 2 ? duckdb_fetch_chunk(result) : nullptr) {
    for (idx_t row = 0; row < duckdb_data_chunk_get_size(chunk); ++row) {
      nlohmann::json list = nlohmann::json::array();
      for (idx_t column = 0; column < columns; ++column) {
        const duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, column);
        std::uint64_t* validity = duckdb_vector_get_validity(vector);
        if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) {
          list.push_back(nullptr);
          continue;
        }
        duckdb_string_t& text = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector))[row];
        list.push_back(std::string(duckdb_string_t_data(&text), duckdb_string_t_length(text)));
      }
      std::printf("%s\n", list.dump().c_str());
    }
    duckdb_destroy_data_chunk(&chunk);
  }
  duckdb_destroy_result(&result);
  duckdb_disconnect(&connection);
  duckdb_close(&database);
  return 0;
}
