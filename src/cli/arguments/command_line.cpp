#include "cli/arguments/command_line.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/base/url.hpp>
#include <neve/cache/tier_url.hpp>

#include "cli/arguments/help_format.hpp"
#include "cli/arguments/option_choices.hpp"
#include "cli/program/version.hpp"

namespace neve::cli {
namespace {

constexpr const char* kFooter =
    "Exit status: 0 done, 1 a stage failed or a problem was found, 2 wrong usage or input, 3 damaged entries or "
    "dataset, "
    "4 unsupported, 5 too large, 6 unavailable, 7 timeout, 8 input/output, 70 internal, 130 interrupted.";

std::string refusal_of_size(const std::string& value) {
  try {
    (void)parse_byte_size(value);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

/// A variable that was to hold a value and is unset must not change what a command does; nor may a count below zero,
/// which would be taken for one near 2^64. What is no count or size is refused here too, since here its option is
/// known.
void refuse_empty_values(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    const std::string type = option->get_type_name();
    if (option->get_items_expected_max() == 0 || type == "TEXT" || type == "PREFIX" || type == "CONDITION") continue;
    option->check([type](const std::string& value) -> std::string {
      if (value.empty()) return "is empty; is a variable unset that was to hold it?";
      if (type == "SIZE") return refusal_of_size(value);
      if (type != "N" && type != "POINTS") return {};
      if (value.front() == '-') return "'" + value + "' is below zero";
      const bool whole = std::all_of(value.begin(), value.end(), is_digit);
      return whole ? "" : "'" + value + "' is not a whole number";
    });
  }
  for (CLI::App* verb : command.get_subcommands(nullptr)) refuse_empty_values(*verb);
}

void refuse_other_words(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    const OptionChoices* choices = choices_of(option->get_single_name());
    if (choices != nullptr && choices->check == ChoiceCheck::by_parser) option->check(CLI::IsMember(choices->words));
  }
  for (CLI::App* verb : command.get_subcommands(nullptr)) refuse_other_words(*verb);
}

/// The parser and where its values go; one per parse.
struct CommandLine {
  CLI::App app{"Keeps the results that outlast the run."};
  RunArguments run;
  ListArguments list;
  ShowArguments show;
  DiffArguments diff;
  WhyArguments why;
  StatsArguments stats;
  VerifyArguments verify;
  CollectArguments collect;
  RemoveArguments remove;
  DoctorArguments doctor;
  StagesArguments stages;
  WisdomArguments wisdom;
  ServeArguments serve;
  DatasetArguments dataset;
  AnalyzeArguments analyze;
  CompletionsArguments completions;
  std::map<std::string, std::function<Arguments()>> results;

  explicit CommandLine(std::size_t help_columns) {
    app.name("neve");
    app.formatter(std::make_shared<HelpFormat>(help_columns));  // those added below take it over
    app.footer(kFooter);
    app.set_version_flag("--version", std::string("neve ") + kVersion);
    app.require_subcommand(1);
    add_run();
    add_list();
    add_show();
    add_diff();
    add_why();
    add_cache_commands();
    declare_analyze_options(add("analyze", "how much of a value sits with how few", analyze), analyze);
    declare_dataset_options(add("dataset", "tables, normalised once to be analysed often", dataset), dataset);
    declare_serve_options(add("serve", "answer questions about datasets over HTTP", serve), serve);
    add_stages();
    for (CLI::App* command : app.get_subcommands(nullptr)) {
      refuse_other_words(*command);
      refuse_empty_values(*command);
    }
  }
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

 private:
  template <class T>
  CLI::App& add(const char* name, const char* text, T& arguments) {
    CLI::App& command = *app.add_subcommand(name, text);
    results[name] = [&arguments] { return Arguments(arguments); };
    if constexpr (std::is_base_of_v<CacheArguments, T>) {
      command
          .add_option("--cache", arguments.cache,
                      "URL of the cache, such as disk:results or memory:1GiB; "
                      "default: $NEVE_CACHE, then disk:.neve")
          ->type_name("URL");
    }
    if constexpr (requires { arguments.json; }) {
      command.add_flag("--json", arguments.json, "print JSON for programs instead of text for people");
    }
    return command;
  }

  static void add_repeatable(CLI::App& command, const char* name, std::vector<std::string>& values, const char* text) {
    command.add_option(name, values, text)->allow_extra_args(false)->type_name("STAGE.KEY=VALUE");
  }

  void add_run() {
    CLI::App& command = add("run", "run a pipeline file, keeping and finding results", run);
    command.add_option("file", run.file, "the pipeline file")->required()->type_name("FILE");
    add_repeatable(command, "--set", run.settings, "set a value of a stage; may be repeated");
    add_repeatable(command, "--sweep", run.sweeps,
                   "run with each of the values a,b,c or start:stop:count; repeated: every combination");
    command
        .add_option("--points", run.points,
                    "run with each line of this table: its first line names settings as stage.key, with commas "
                    "between them")
        ->type_name("FILE");
    command.add_option("--until", run.until, "only this stage and what it needs")->type_name("STAGE");
    command
        .add_option("--recompute", run.recompute,
                    "compute this stage although its result is stored, and say whether it is the same; may be repeated")
        ->allow_extra_args(false)
        ->type_name("STAGE");
    command.add_option("--jobs,-j", run.jobs, "cpu slots; default: one for each processor")
        ->type_name("N")
        ->check(CLI::Range(1U, 65536U));
    command.add_option("--gpus", run.gpus, "gpu slots; default: none")->type_name("N");
    command
        .add_option("--memory", run.memory,
                    "memory that stages with memory slots may take together, such as 16GiB; default: the machine's")
        ->type_name("SIZE");
    command.add_option("--record", run.record, "write artifacts (pictures, arrays, JSON) and logs into this folder")
        ->type_name("DIR");
    command.add_option("--report", run.report, "write what the run did into this JSON file")->type_name("FILE");
    command
        .add_option("--table", run.table, "write settings and metrics into this CSV file, a line per point of a sweep")
        ->type_name("FILE");
    command.add_option("--flight", run.flight,
                       "who computes a key only once: off (this process), local (this machine), shared (all who use "
                       "the Redis); default: as the URL says, else local");
    command.add_flag("--dry-run", run.dry_run, "compute and store nothing; say what would be found and what computed");
    command.add_flag("--fail-fast", run.fail_fast,
                     "stop everything when a stage fails; default: finish what does not need it");
    command.add_flag("--quiet,-q", run.quiet, "no progress");
  }

  void add_list() {
    CLI::App& command = add("ls", "list entries", list);
    command.add_option("prefix", list.prefix, "only keys that begin with this")->type_name("PREFIX");
    command.add_option("--stage", list.stage, "only entries of this stage")->type_name("NAME");
    command.add_option("--sort", list.sort, "used, age, size, compute or key; default: used");
    command.add_option("--limit", list.limit, "show so many at most")->type_name("N");
    command.add_flag("--keys", list.keys, "print nothing but whole keys, one a line");
  }

  void add_show() {
    CLI::App& command = add("show", "show one entry: what it holds, what its key was made from, what it cost", show);
    command.add_option("key", show.key, "the key, or a beginning that only it has")->required()->type_name("KEY");
  }

  void add_diff() {
    CLI::App& command = add("diff", "how two results differ: what they were made from, metadata, arrays", diff);
    command.add_option("key", diff.key, "the key, or a beginning that only it has")->required()->type_name("KEY");
    command.add_option("other", diff.other_key, "the other key; may be left out with --with")->type_name("KEY");
    command.add_option("--with", diff.other_cache, "the cache that has the other one; default: the same")
        ->type_name("URL");
  }

  void add_why() {
    CLI::App& command =
        add("why", "say why stages would be computed: what changed since the nearest stored result", why);
    command.add_option("file", why.file, "the pipeline file")->required()->type_name("FILE");
    command.add_option("stage", why.stage, "only this stage; default: all")->type_name("STAGE");
    add_repeatable(command, "--set", why.settings, "set a value of a stage; may be repeated");
  }

  void add_cache_commands() {
    add("stats", "sum up the cache: sizes, seconds held and saved, by stage", stats);

    CLI::App& check = add("verify", "read and check every entry, or those named", verify);
    check.add_option("keys", verify.keys, "keys or unique beginnings; default: all")->type_name("KEY");

    CLI::App& gc = add("gc", "remove expired entries, leftovers, and what exceeds a budget", collect);
    gc.add_option("--budget", collect.budget, "keep at most this many bytes, such as 20GiB")->type_name("SIZE");
    gc.add_option("--files", collect.files, "keep at most this many files; an entry is two")->type_name("N");
    gc.add_flag("--dry-run", collect.dry_run, "remove nothing; say what would be");

    CLI::App& rm = add("rm", "remove entries", remove);
    rm.add_option("keys", remove.keys, "keys or unique beginnings")->type_name("KEY");
    rm.add_option("--stage", remove.stage, "remove the entries of this stage")->type_name("NAME");
    rm.add_flag("--all", remove.all, "remove every entry");

    CLI::App& examine =
        add("doctor", "what is built in, where the cache is, what is wrong with it and what to do", doctor);
    examine.add_option("url", doctor.cache, "URL of the cache, in the place of --cache")
        ->type_name("URL")
        ->excludes(examine.get_option("--cache"));
  }

  void add_stages() {
    CLI::App& command = add("stages", "list compiled stages, or one with its fields, units and defaults", stages);
    command.add_option("name", stages.name, "of a stage")->type_name("NAME");
    command.add_flag("--names", stages.names, "print nothing but names, one a line");
    CLI::App& measure = add("wisdom", "measure FFT plans for this machine; NEVE_FFTW_WISDOM=FILE uses them", wisdom);
    measure.add_option("file", wisdom.file, "where to keep them; sizes it already holds are kept")
        ->required()
        ->type_name("FILE");
    measure.add_option("points", wisdom.points, "sizes of grids, powers of two")->required()->type_name("POINTS");
    CLI::App& shells = add("completions", "print a completion script for a shell", completions);
    shells.add_option("shell", completions.shell, "bash, zsh or fish")->required();
  }
};

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
  CommandLine line(help_columns);
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
  CommandLine line(kHelpColumns);
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
