#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "cli/arguments/command_help.hpp"
#include "cli/arguments/option_choices.hpp"
#include "cli/commands/commands.hpp"

namespace neve::cli {
namespace {

/// Which words a subcommand takes besides options.
enum class Words { none, files, keys, stages, datasets, shells };

Words words_of(const std::string& command) {
  if (command == "run" || command == "why" || command == "wisdom") return Words::files;
  if (command == "ls" || command == "show" || command == "diff" || command == "verify" || command == "copy" ||
      command == "rm")
    return Words::keys;
  if (command == "stages") return Words::stages;
  if (command == "analyze") return Words::datasets;
  if (command == "completions") return Words::shells;
  return Words::none;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string shells() { return joined(choices_of("shell")->words); }

/// `text` as one single-quoted word of a shell.
std::string single_quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string command_names(const std::vector<CommandHelp>& commands) {
  std::vector<std::string> names;
  for (const CommandHelp& command : commands) names.push_back(command.name);
  return joined(names);
}

/// Each option that takes one of few words, with these words; once, whatever the number of commands that have it.
std::vector<OptionHelp> options_with_choices(const std::vector<CommandHelp>& commands) {
  std::vector<OptionHelp> found;
  for (const CommandHelp& command : commands) {
    for (const OptionHelp& option : command.options) {
      const auto same = [&](const OptionHelp& known) { return known.name == option.name; };
      if (!option.choices.empty() && std::none_of(found.begin(), found.end(), same)) found.push_back(option);
    }
  }
  return found;
}

constexpr const char* kListKeys = "neve ls --keys --limit 200";
constexpr const char* kListStages = "neve stages --names";
/// Verbs of `neve dataset` that take what `kListDatasets` prints.
constexpr std::array<std::string_view, 3> kVerbsOfDatasets{"schema", "lineage", "rm"};
constexpr const char* kListDatasets = "neve dataset list --ids";

std::string bash_words(Words words) {
  switch (words) {
    case Words::files:
      return "compgen -f -- \"$word\"";
    case Words::keys:
      return fmt::format("compgen -W \"$({} 2>/dev/null)\" -- \"$word\"", kListKeys);
    case Words::stages:
      return fmt::format("compgen -W \"$({} 2>/dev/null)\" -- \"$word\"", kListStages);
    case Words::datasets:
      return fmt::format("compgen -W \"$({} 2>/dev/null)\" -- \"$word\"", kListDatasets);
    case Words::shells:
      return fmt::format("compgen -W '{}' -- \"$word\"", shells());
    case Words::none:
      return "true";
  }
  return "true";
}

/// The verbs first, files behind the one that adds them, and datasets behind those that take one.
std::string bash_verbs(const CommandHelp& command) {
  return fmt::format(
      "if [ \"$COMP_CWORD\" -eq 2 ]; then compgen -W '{}' -- \"$word\"; else case ${{COMP_WORDS[2]}} in add) compgen "
      "-f "
      "-- \"$word\" ;; {}) {} ;; esac; fi",
      joined(command.verbs), fmt::join(kVerbsOfDatasets, "|"), bash_words(Words::datasets));
}

std::string bash_script(const std::vector<CommandHelp>& commands) {
  std::string text = fmt::format(
      "# bash completion for neve; load it with: source <(neve completions bash)\n"
      "_neve() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    mapfile -t COMPREPLY < <(compgen -W '{} --help --version' -- \"$word\")\n"
      "    return\n"
      "  fi\n"
      "  case $previous in\n"
      "    --record) mapfile -t COMPREPLY < <(compgen -d -- \"$word\"); return ;;\n"
      "    --report|--table|--points|--out) mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;\n",
      command_names(commands));
  for (const OptionHelp& option : options_with_choices(commands)) {
    text += fmt::format("    {}) mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$word\"); return ;;\n", option.name,
                        joined(option.choices));
  }
  text +=
      "  esac\n"
      "  case ${COMP_WORDS[1]} in\n";
  for (const CommandHelp& command : commands) {
    std::vector<std::string> options;
    for (const OptionHelp& option : command.options) options.push_back(option.name);
    text += fmt::format(
        "    {})\n"
        "      case $word in\n"
        "        -*) mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$word\") ;;\n"
        "        *) mapfile -t COMPREPLY < <({}) ;;\n"
        "      esac ;;\n",
        command.name, joined(options),
        command.verbs.empty() ? bash_words(words_of(command.name)) : bash_verbs(command));
  }
  return text + "  esac\n}\ncomplete -o filenames -F _neve neve\n";
}

std::string zsh_words(const std::string& command) {
  switch (words_of(command)) {
    case Words::files:
      return " '*:file:_files'";
    case Words::keys:
      return fmt::format(" '*:key:(($({} 2>/dev/null)))'", kListKeys);
    case Words::stages:
      return fmt::format(" '*:stage:(($({} 2>/dev/null)))'", kListStages);
    case Words::datasets:
      return fmt::format(" '*:dataset:(($({} 2>/dev/null)))'", kListDatasets);
    case Words::shells:
      return fmt::format(" '1:shell:({})'", shells());
    case Words::none:
      return "";
  }
  return "";
}

/// Brackets and colons mean something in the descriptions of _arguments.
std::string zsh_text(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
  return result;
}

std::string zsh_script(const std::vector<CommandHelp>& commands) {
  std::string text =
      "#compdef neve\n# zsh completion for neve; save it as _neve in a folder of $fpath\n_neve() {\n  local -a "
      "commands=(\n";
  for (const CommandHelp& command : commands)
    text += "    " + single_quoted(command.name + ":" + zsh_text(command.text)) + "\n";
  text +=
      "  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n  local command=$words[2]\n  shift "
      "words; (( CURRENT-- ))\n  case $command in\n";
  for (const CommandHelp& command : commands) {
    text += fmt::format("    {}) _arguments", command.name);
    for (const OptionHelp& option : command.options) {
      std::string spec = "*" + option.name + "[" + zsh_text(option.text) + "]";
      if (option.takes_value)
        spec += option.choices.empty() ? ":value:_files" : ":value:(" + joined(option.choices) + ")";
      text += " " + single_quoted(spec);
    }
    if (!command.verbs.empty())
      text += " " + single_quoted("1:verb:(" + joined(command.verbs) + ")") +
              fmt::format(" '*:word:{{case $words[2] in add) _files ;; {}) compadd -- $({} 2>/dev/null) ;; esac}}'",
                          fmt::join(kVerbsOfDatasets, "|"), kListDatasets);
    text += zsh_words(command.name) + " ;;\n";
  }
  // Found by its name in $fpath, the whole file is the body of the function that the first Tab calls.
  return text + "  esac\n}\nif [[ $funcstack[1] == _neve ]]; then _neve \"$@\"; else compdef _neve neve; fi\n";
}

/// `rm` is a command, and a verb of `dataset` that takes other words.
std::string but_not_as_verb(const CommandHelp& command, const std::vector<CommandHelp>& commands) {
  std::string text;
  for (const CommandHelp& other : commands) {
    const auto& verbs = other.verbs;
    if (std::find(verbs.begin(), verbs.end(), command.name) == verbs.end()) continue;
    text += "; and not __fish_seen_subcommand_from " + other.name;
  }
  return text;
}

std::string fish_script(const std::vector<CommandHelp>& commands) {
  std::string text =
      "# fish completion for neve; save it as ~/.config/fish/completions/neve.fish\ncomplete -c neve -f\n";
  for (const CommandHelp& command : commands) {
    text += fmt::format("complete -c neve -n __fish_use_subcommand -a {} -d {}\n", command.name,
                        single_quoted(command.text));
    const std::string inside =
        single_quoted("__fish_seen_subcommand_from " + command.name + but_not_as_verb(command, commands));
    for (const OptionHelp& option : command.options) {
      text += fmt::format("complete -c neve -n {} -l {} -d {}{}{}\n", inside, option.name.substr(2),
                          single_quoted(option.text),
                          !option.takes_value      ? ""
                          : option.choices.empty() ? " -r -F"
                                                   : " -x",
                          option.choices.empty() ? "" : " -a " + single_quoted(joined(option.choices)));
    }
    if (!command.verbs.empty()) {
      const std::string verbs = joined(command.verbs);
      text += fmt::format("complete -c neve -n {} -a {}\n",
                          single_quoted("__fish_seen_subcommand_from " + command.name +
                                        "; and not __fish_seen_subcommand_from " + verbs),
                          single_quoted(verbs));
      const std::string behind = "__fish_seen_subcommand_from " + command.name + "; and __fish_seen_subcommand_from ";
      text += fmt::format("complete -c neve -n {} -F\n", single_quoted(behind + "add"));
      text += fmt::format("complete -c neve -n {} -a '({} 2>/dev/null)'\n",
                          single_quoted(fmt::format("{}{}", behind, fmt::join(kVerbsOfDatasets, " "))), kListDatasets);
    }
    const Words words = words_of(command.name);
    if (words == Words::files) text += fmt::format("complete -c neve -n {} -F\n", inside);
    if (words == Words::shells) text += fmt::format("complete -c neve -n {} -a '{}'\n", inside, shells());
    if (words == Words::keys) text += fmt::format("complete -c neve -n {} -a '({} 2>/dev/null)'\n", inside, kListKeys);
    if (words == Words::stages)
      text += fmt::format("complete -c neve -n {} -a '({} 2>/dev/null)'\n", inside, kListStages);
    if (words == Words::datasets)
      text += fmt::format("complete -c neve -n {} -a '({} 2>/dev/null)'\n", inside, kListDatasets);
  }
  return text;
}

}  // namespace

ExitCode completions_command(const CompletionsArguments& arguments) {
  const std::vector<CommandHelp> commands = describe_commands();
  fmt::print("{}", arguments.shell == "bash"  ? bash_script(commands)
                   : arguments.shell == "zsh" ? zsh_script(commands)
                                              : fish_script(commands));
  return ExitCode::ok;
}

}  // namespace neve::cli
