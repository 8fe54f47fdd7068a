#include "cli/arguments/command_line.hpp"

#include <iterator>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/arguments/command_help.hpp"

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

TEST(CommandLine, NamesAnUnknownShortOptionAndNoOther) {
  EXPECT_EQ(mistake_of({"-V"}), "neve: unknown option '-V' of 'neve' (did you mean '-h'?)\nTry 'neve --help'.\n");
  EXPECT_THAT(mistake_of({"run", "f.yaml", "-x"}), HasSubstr("unknown option '-x' of 'neve run'"));
  EXPECT_THAT(mistake_of({"run", "f.yaml", "-j4", "--memry", "1GiB"}), HasSubstr("'--memry'"));
  EXPECT_THAT(mistake_of({"ls", "--limit", "-5"}), HasSubstr("'-5' is below zero"));
}

TEST(CommandLine, HelpOfAVerbNamesTheOptionsOfItsCommand) {
  for (const char* verb : {"add", "list", "schema", "lineage", "rm"}) {
    const Arguments arguments = parse_command_line({"dataset", verb, "--help"});
    EXPECT_THAT(std::get<PrintText>(arguments).text, HasSubstr("--store DIR, --json")) << verb;
  }
}

TEST(CommandLine, AMistakeInAnOptionOfAVerbIsThatVerbs) {
  const std::string wrong_word = mistake_of({"dataset", "add", "a.csv", "--date-order", "ymd"});
  EXPECT_THAT(wrong_word, HasSubstr("--date-order: ymd not in {auto,dmy,mdy}"));
  EXPECT_THAT(wrong_word, HasSubstr("Try 'neve dataset add --help'"));
  EXPECT_THAT(mistake_of({"dataset", "add", "a.csv", "--date-ordr", "dmy"}),
              HasSubstr("unknown option '--date-ordr' of 'neve dataset add' (did you mean '--date-order'?)"));
}

TEST(CommandLine, HelpAndVersionAreNoMistakes) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--help"}, {"run", "--help"}, {"--version"}}) {
    EXPECT_EQ(mistake_of(words), "accepted");
  }
}

std::vector<std::string> words_in(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

TEST(CommandLine, HelpFitsTheTerminalAndLosesNoWord) {
  std::vector<std::vector<std::string>> commands{{"--help"}};
  for (const CommandHelp& command : describe_commands()) {
    commands.push_back({command.name, "--help"});
    for (const std::string& verb : command.verbs) commands.push_back({command.name, verb, "--help"});
  }
  for (const std::vector<std::string>& words : commands) {
    const std::string narrow = std::get<PrintText>(parse_command_line(words, 80)).text;
    const std::string wide = std::get<PrintText>(parse_command_line(words, 1000)).text;
    EXPECT_EQ(words_in(narrow), words_in(wide));
    std::istringstream lines(narrow);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(CommandLine, DescribesEveryCommandForCompletions) {
  std::vector<std::string> names;
  for (const CommandHelp& command : describe_commands()) {
    names.push_back(command.name);
    EXPECT_FALSE(command.text.empty()) << command.name;
    for (const OptionHelp& option : command.options) EXPECT_FALSE(option.text.empty()) << command.name << option.name;
  }
  EXPECT_THAT(names, ElementsAre("run", "ls", "show", "diff", "why", "stats", "verify", "copy", "gc", "rm", "doctor",
                                 "analyze", "dataset", "serve", "stages", "wisdom", "completions"));
}

/// The words of a mistake that says "not in {a,b,c}"; none of any other.
std::vector<std::string> words_named_by(const std::string& mistake) {
  constexpr std::string_view kBefore = " not in {";
  const std::size_t found = mistake.find(kBefore);
  if (found == std::string::npos) return {};
  const std::size_t begin = found + kBefore.size();
  std::istringstream list(mistake.substr(begin, mistake.find('}', begin) - begin));
  std::vector<std::string> words;
  for (std::string word; std::getline(list, word, ',');) words.push_back(word);
  return words;
}

TEST(CommandLine, CompletionsOfferTheWordsThatTheParserTakes) {
  std::size_t options_with_words = 0;
  for (const CommandHelp& command : describe_commands()) {
    std::vector<std::vector<std::string>> places{{command.name}};
    for (const std::string& verb : command.verbs) places.push_back({command.name, verb});
    for (const OptionHelp& option : command.options) {
      if (!option.takes_value) continue;
      for (std::vector<std::string> words : places) {
        words.insert(words.end(), {option.name, "no-such-word"});
        const std::vector<std::string> taken = words_named_by(mistake_of(words));
        if (taken.empty()) continue;
        EXPECT_EQ(option.choices, taken) << command.name << option.name;
        ++options_with_words;
      }
    }
  }
  EXPECT_GE(options_with_words, 6U);
  EXPECT_THAT(words_named_by(mistake_of({"completions", "tcsh"})), ElementsAre("bash", "zsh", "fish"));
}

TEST(CommandLine, CompletionsOfferWordsOfOptionsThatTakeOtherSpellingsToo) {
  std::map<std::string, std::vector<std::string>> offered;
  for (const CommandHelp& command : describe_commands()) {
    for (const OptionHelp& option : command.options) offered[option.name] = option.choices;
  }
  EXPECT_THAT(offered["--decimal"], ElementsAre("point", "comma"));
  EXPECT_THAT(offered["--grain"], ElementsAre("auto", "month", "quarter", "year", "none"));
  EXPECT_EQ(mistake_of({"dataset", "add", "a.csv", "--decimal", ","}), "accepted");
  EXPECT_NE(mistake_of({"dataset", "add", "a.csv", "--decimal", ""}), "accepted");
}

}  // namespace
}  // namespace neve::cli
