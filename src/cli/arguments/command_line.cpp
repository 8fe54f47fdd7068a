#include "cli/arguments/command_line.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include <neve/base/ascii.hpp>
#include <neve/base/nearest.hpp>
#include <neve/cache/tier_url.hpp>

#include "cli/arguments/command_parser.hpp"

namespace neve::cli {
namespace {

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

PrintText mistake(const std::string& text, const std::string& command = "") {
  return {"neve: " + text + "\nTry 'neve " + (command.empty() ? "" : command + " ") + "--help'.\n", true};
}

/// CLI11 repeats words as they were given.
std::string without_passwords(std::string text, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const std::size_t at = word.find("://") == std::string::npos ? std::string::npos : text.find(word);
    if (at != std::string::npos) text.replace(at, word.size(), redacted_urls(word));
  }
  return text;
}

/// Says more than CLI11 does about a word nobody expected.
PrintText unexpected(const CLI::App& command, const std::vector<std::string>& words, const std::string& otherwise) {
  std::vector<std::string> known = option_names(command);
  const bool may_have_verb = command.get_parent() != nullptr;
  std::string called = may_have_verb ? command.get_name() : "";
  for (const CLI::App* verb : may_have_verb ? command.get_subcommands() : std::vector<CLI::App*>()) {
    const std::vector<std::string> more = option_names(*verb);
    known.insert(known.end(), more.begin(), more.end());
    called += " " + verb->get_name();
  }
  for (const std::string& word : words) {
    // A short one may have its value right behind it, and what looks like one may be a number.
    const std::string name = word.substr(0, word.starts_with("--") ? word.find('=') : 2);
    if (name.size() < 2 || name.front() != '-' || is_digit(name[1])) continue;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return mistake("unknown option '" + name + "' of 'neve" + (called.empty() ? "'" : " " + called + "'") +
                       suggestion(name, known),
                   called);
  }
  std::vector<std::string> verbs;
  for (const CLI::App* verb : command.get_subcommands([](const CLI::App*) { return true; }))
    verbs.push_back(verb->get_name());
  if (may_have_verb && !verbs.empty() && command.get_subcommands().empty()) {
    const bool none = words.empty() || words.front().starts_with("-");
    return mistake(none ? "'neve " + called + "' needs a command" + suggestion("", verbs)
                        : "unknown command '" + called + " " + words.front() + "'" + suggestion(words.front(), verbs),
                   called);
  }
  return mistake(without_passwords(otherwise, words), called);
}

}  // namespace

Arguments parse_command_line(const std::vector<std::string>& words, std::size_t help_columns) {
  CommandParser line(help_columns);
  if (words.empty()) return PrintText{line.app.help(), true};
  std::vector<std::string> names;
  for (const CLI::App* command : line.app.get_subcommands(nullptr)) names.push_back(command->get_name());
  const std::string& first = words.front();
  const bool known = std::find(names.begin(), names.end(), first) != names.end();
  if (!known && !first.starts_with("-")) return mistake("unknown command '" + first + "'" + suggestion(first, names));
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // CLI11 takes words from the back
    line.app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return PrintText{known ? line.app.get_subcommand(first)->help("neve") : line.app.help()};
  } catch (const CLI::CallForVersion& version) {
    return PrintText{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    if (!known) return unexpected(line.app, words, error.what());
    return unexpected(*line.app.get_subcommand(first), {words.begin() + 1, words.end()}, error.what());
  }
  return line.results.at(first)();
}

}  // namespace neve::cli
