#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/arguments/arguments.hpp"

namespace neve::cli {

/// How wide the help may be where there is no terminal.
inline constexpr std::size_t kHelpColumns = 100;

/// Reads the arguments after the program's name. Never throws: a mistake comes back as the text to print, with the
/// nearest name there is; help in lines of at most `help_columns`.
[[nodiscard]] Arguments parse_command_line(const std::vector<std::string>& words,
                                           std::size_t help_columns = kHelpColumns);

}  // namespace neve::cli
