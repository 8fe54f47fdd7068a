#pragma once

#include <neve/base/error.hpp>

namespace neve::cli {

/// What the command ends with. Scripts rely on the numbers: docs/guide/command-line.md lists them, and none changes.
enum class ExitCode : int {
  ok = 0,
  failed = 1,  ///< a stage failed, doctor found a problem, what diff compares differs, or copy could not copy it all
  usage = 2,   ///< wrong arguments, file or key
  damaged = 3,
  unsupported = 4,
  too_large = 5,
  unavailable = 6,
  timeout = 7,
  io = 8,
  internal = 70,
  interrupted = 130,
};

[[nodiscard]] ExitCode exit_code_of(ErrorCode code) noexcept;

}  // namespace neve::cli
