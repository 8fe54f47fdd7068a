#include "cli/program/exit_code.hpp"

namespace neve::cli {

ExitCode exit_code_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument:
      return ExitCode::usage;
    case ErrorCode::corrupt:
      return ExitCode::damaged;
    case ErrorCode::unsupported:
      return ExitCode::unsupported;
    case ErrorCode::too_large:
      return ExitCode::too_large;
    case ErrorCode::unavailable:
      return ExitCode::unavailable;
    case ErrorCode::timeout:
      return ExitCode::timeout;
    case ErrorCode::cancelled:
      return ExitCode::interrupted;
    case ErrorCode::io:
      return ExitCode::io;
    case ErrorCode::stage_failed:
      return ExitCode::failed;
    case ErrorCode::internal:
      return ExitCode::internal;
  }
  return ExitCode::internal;
}

}  // namespace neve::cli
