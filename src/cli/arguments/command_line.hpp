#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/arguments/arguments.hpp"

namespace neve::cli {

/// What one subcommand takes, for shell completions. A plain value.
struct OptionHelp {
  std::string name;  ///< "--json"
  std::string text;
  bool takes_value = false;
  std::vector<std::string> choices{};  ///< of the value, if they are few
};
struct CommandHelp {
  std::string name;
  std::string text;
  std::vector<OptionHelp> options;   ///< its own and those of its verbs
  std::vector<std::string> verbs{};  ///< such as `add` of `neve dataset`
};

/// How wide the help may be where there is no terminal.
inline constexpr std::size_t kHelpColumns = 100;

/// Reads the arguments after the program's name. Never throws: a mistake comes back as the text to print, with the
/// nearest name there is; help in lines of at most `help_columns`.
[[nodiscard]] Arguments parse_command_line(const std::vector<std::string>& words,
                                           std::size_t help_columns = kHelpColumns);

/// Every subcommand in the order of the help.
[[nodiscard]] std::vector<CommandHelp> describe_commands();

}  // namespace neve::cli
