#include "cli/arguments/command_parser.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/base/url.hpp>

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

void add_repeatable(CLI::App& command, const char* name, std::vector<std::string>& values, const char* text) {
  command.add_option(name, values, text)->allow_extra_args(false)->type_name("STAGE.KEY=VALUE");
}

}  // namespace

CommandParser::CommandParser(std::size_t help_columns) {
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

void CommandParser::add_run() {
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

void CommandParser::add_list() {
  CLI::App& command = add("ls", "list entries", list);
  command.add_option("prefix", list.prefix, "only keys that begin with this")->type_name("PREFIX");
  command.add_option("--stage", list.stage, "only entries of this stage")->type_name("NAME");
  command.add_option("--sort", list.sort, "used, age, size, compute or key; default: used");
  command.add_option("--limit", list.limit, "show so many at most")->type_name("N");
  command.add_flag("--keys", list.keys, "print nothing but whole keys, one a line");
}

void CommandParser::add_show() {
  CLI::App& command = add("show", "show one entry: what it holds, what its key was made from, what it cost", show);
  command.add_option("key", show.key, "the key, or a beginning that only it has")->required()->type_name("KEY");
}

void CommandParser::add_diff() {
  CLI::App& command = add("diff", "how two results differ: what they were made from, metadata, arrays", diff);
  command.add_option("key", diff.key, "the key, or a beginning that only it has")->required()->type_name("KEY");
  command.add_option("other", diff.other_key, "the other key; may be left out with --with")->type_name("KEY");
  command.add_option("--with", diff.other_cache, "the cache that has the other one; default: the same")
      ->type_name("URL");
}

void CommandParser::add_why() {
  CLI::App& command = add("why", "say why stages would be computed: what changed since the nearest stored result", why);
  command.add_option("file", why.file, "the pipeline file")->required()->type_name("FILE");
  command.add_option("stage", why.stage, "only this stage; default: all")->type_name("STAGE");
  add_repeatable(command, "--set", why.settings, "set a value of a stage; may be repeated");
}

void CommandParser::add_cache_commands() {
  add("stats", "sum up the cache: sizes, seconds held and saved, by stage", stats);

  CLI::App& check = add("verify", "read and check every entry, or those named", verify);
  check.add_option("keys", verify.keys, "keys or unique beginnings; default: all")->type_name("KEY");

  CLI::App& to_another = add("copy", "copy entries to another cache", copy);
  to_another.add_option("keys", copy.keys, "keys or unique beginnings")->type_name("KEY");
  to_another.add_option("--stage", copy.stage, "copy the entries of this stage")->type_name("NAME");
  to_another.add_flag("--all", copy.all, "copy every entry");
  to_another.add_option("--to", copy.to, "URL of the other cache: a folder or a Redis")->required()->type_name("URL");

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

void CommandParser::add_stages() {
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

}  // namespace neve::cli
