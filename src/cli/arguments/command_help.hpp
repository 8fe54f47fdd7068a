#pragma once

#include <string>
#include <vector>

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

/// Every subcommand in the order of the help.
[[nodiscard]] std::vector<CommandHelp> describe_commands();

}  // namespace neve::cli
