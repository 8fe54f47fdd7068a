#include "cli/arguments/command_help.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "cli/arguments/command_line.hpp"
#include "cli/arguments/command_parser.hpp"
#include "cli/arguments/option_choices.hpp"

namespace neve::cli {
namespace {

void describe_options(const CLI::App& command, CommandHelp& help) {
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      const std::string spelled = "--" + name;
      const auto same = [&](const OptionHelp& known) { return known.name == spelled; };
      if (std::any_of(help.options.begin(), help.options.end(), same)) continue;  // every verb has --help
      const OptionChoices* choices = choices_of(name);
      help.options.push_back({spelled, option->get_description(), option->get_items_expected_max() > 0,
                              choices == nullptr ? std::vector<std::string>() : choices->words});
    }
  }
}

}  // namespace

std::vector<CommandHelp> describe_commands() {
  CommandParser line(kHelpColumns);
  std::vector<CommandHelp> commands;
  for (const CLI::App* command : line.app.get_subcommands(nullptr)) {
    CommandHelp help{command->get_name(), command->get_description(), {}};
    describe_options(*command, help);
    for (const CLI::App* verb : command->get_subcommands(nullptr)) {
      help.verbs.push_back(verb->get_name());
      describe_options(*verb, help);
    }
    commands.push_back(std::move(help));
  }
  return commands;
}

}  // namespace neve::cli
