#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <type_traits>

#include <CLI/CLI.hpp>

#include "cli/arguments/arguments.hpp"

namespace neve::cli {

/// The parser of every subcommand with its options, and where their values go; one per parse.
struct CommandParser {
  CLI::App app{"Keeps the results that outlast the run."};
  RunArguments run;
  ListArguments list;
  ShowArguments show;
  DiffArguments diff;
  WhyArguments why;
  StatsArguments stats;
  VerifyArguments verify;
  CopyArguments copy;
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

  explicit CommandParser(std::size_t help_columns);
  CommandParser(const CommandParser&) = delete;
  CommandParser& operator=(const CommandParser&) = delete;

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

  void add_run();
  void add_list();
  void add_show();
  void add_diff();
  void add_why();
  void add_cache_commands();
  void add_stages();
};

}  // namespace neve::cli
