#pragma once

#include "cli/program/exit_code.hpp"

namespace neve::cli {

/// Makes the standard streams fit for a program that writes files: signals of broken pipes and of file size limits
/// become errors of writing, and a stream that is closed stays unusable. Its number would be given to the next file or
/// socket otherwise, and what is printed would go there. To be called before anything is opened.
void prepare_standard_streams();

/// Writes what is still to be printed, and tells on standard error if output was lost, unless because its reader has
/// gone, as after `| head`. Returns `code`, or `io` in the place of `ok` for lost output. Does not throw.
[[nodiscard]] ExitCode finish_output(ExitCode code) noexcept;

}  // namespace neve::cli
