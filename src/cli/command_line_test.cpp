#include "cli/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace neve::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string mistake_of(const std::vector<std::string>& words) {
  const Arguments arguments = parse_command_line(words);
  const auto* print = std::get_if<PrintText>(&arguments);
  if (print == nullptr || !print->mistake) return "accepted";
  return print->text;
}

TEST(CommandLine, ReadsWhatRunTakes) {
  const Arguments arguments = parse_command_line({"run", "--set", "a.b=1", "f.yaml", "--set=a.c=[1, 2]", "--sweep",
                                                  "a.d=-1,2", "-j", "3", "--cache", "memory:1GiB", "--json"});
  const RunArguments& run = std::get<RunArguments>(arguments);
  EXPECT_EQ(run.file, "f.yaml");
  EXPECT_THAT(run.settings, ElementsAre("a.b=1", "a.c=[1, 2]"));
  EXPECT_THAT(run.sweeps, ElementsAre("a.d=-1,2"));
  EXPECT_EQ(run.jobs, 3U);
  EXPECT_EQ(run.cache, "memory:1GiB");
  EXPECT_TRUE(run.json);
}

TEST(CommandLine, NamesTheNearestCommandAndOption) {
  EXPECT_THAT(mistake_of({"rnu", "f.yaml"}), HasSubstr("unknown command 'rnu' (did you mean 'run'?)"));
  EXPECT_THAT(mistake_of({"run", "f.yaml", "--swep", "a.b=1"}),
              HasSubstr("unknown option '--swep' of 'neve run' (did you mean '--sweep'?)"));
  EXPECT_THAT(mistake_of({"gc", "--buget=1"}), HasSubstr("did you mean '--budget'?"));
  EXPECT_THAT(mistake_of({"ls", "--sort", "color"}), HasSubstr("color"));
  EXPECT_THAT(mistake_of({"run"}), HasSubstr("file is required"));
  EXPECT_THAT(mistake_of({"completions", "tcsh"}), HasSubstr("tcsh"));
  EXPECT_THAT(mistake_of({}), HasSubstr("run"));
}

TEST(CommandLine, HelpAndVersionAreNoMistakes) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--help"}, {"run", "--help"}, {"--version"}}) {
    EXPECT_EQ(mistake_of(words), "accepted");
  }
}

TEST(CommandLine, DescribesEveryCommandForCompletions) {
  std::vector<std::string> names;
  for (const CommandHelp& command : describe_commands()) {
    names.push_back(command.name);
    EXPECT_FALSE(command.text.empty()) << command.name;
    for (const OptionHelp& option : command.options) EXPECT_FALSE(option.text.empty()) << command.name << option.name;
  }
  EXPECT_THAT(names, ElementsAre("run", "ls", "show", "why", "stats", "verify", "gc", "rm", "doctor", "analyze",
                                 "dataset", "serve", "stages", "wisdom", "completions"));
}

}  // namespace
}  // namespace neve::cli
