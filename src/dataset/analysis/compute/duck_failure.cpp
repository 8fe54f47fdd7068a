#include "dataset/analysis/compute/duck_failure.hpp"

#include <cerrno>

#include "dataset/parquet/duck_error.hpp"

namespace neve::dataset {
namespace {

constexpr const char* kNoRoom =
    "the folder for temporary files (TMPDIR) has no room for what the analysis cannot keep in memory; make room there, "
    "name another folder, or allow more memory";

}  // namespace

Error analysis_failure(const std::string& message) {
  if (message.starts_with("Out of Range") || message.starts_with("Conversion Error")) {
    return {ErrorCode::too_large, "the values are too large to be added up exactly (38 digits): " + message};
  }
  if (message.starts_with("Out of Memory")) {
    // By that setting, which is left alone, DuckDB uses the room there is; the rest of its advice is for its own users.
    if (message.find("max_temp_directory_size") != std::string::npos) return {ErrorCode::io, kNoRoom, ENOSPC};
    return {ErrorCode::too_large,
            "the analysis needs more memory than it may have; a larger memory limit allows more: " +
                message.substr(0, message.find('\n')),
            ENOMEM};
  }
  if (message.starts_with("IO Error")) {
    Error full = duck_io_error(kNoRoom, message);
    if (full.error_number() != 0) return full;
  }
  if (message.starts_with("IO Error") || message.starts_with("Invalid Input Error: File")) {
    return {ErrorCode::io, "the normalised table cannot be read: " + message};
  }
  return {ErrorCode::internal, "DuckDB: " + message};
}

}  // namespace neve::dataset
