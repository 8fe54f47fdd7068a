#include <neve/pipeline/recipe_changes.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace neve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

ReadRecipe running(const std::string& command, Json env = Json::object()) {
  ReadRecipe read;
  read.recipe.node_id = "fit";
  read.recipe.op_name = "run: " + command.substr(0, command.find('\n'));
  read.recipe.config = Json{{"points", 5}};
  read.recipe.config_hash = command + env.dump();
  read.besides = {{"command", command}, {"contract", 2}, {"env", std::move(env)}};
  return read;
}

std::vector<std::string> changes(const std::string& before, const std::string& after) {
  return recipe_changes(running(before), running(after));
}

TEST(RecipeChanges, NamesTheLineOfACommandThatChanged) {
  EXPECT_THAT(changes("cd x\ny=2*x\nend\n", "cd x\ny=3*x\nend\n"), ElementsAre("command, line 2: 'y=2*x' → 'y=3*x'"));
  EXPECT_THAT(changes("fit 1", "fit 2"), ElementsAre("command: 'fit 1' → 'fit 2'"));
  EXPECT_THAT(changes("a\nb\nc\n", "x\nb\ny\n"), SizeIs(2));
}

TEST(RecipeChanges, NamesLinesThatCameAndWent) {
  EXPECT_THAT(changes("a\nc\n", "a\nb\nc\n"), ElementsAre("command, line 2 added: 'b'"));
  EXPECT_THAT(changes("a\nb\nb\nc\n", "a\nc\n"), ElementsAre("command, lines 2-3 removed: 'b'"));
  EXPECT_THAT(changes("a\nb\nc\n", "a\nx\ny\nc\n"),
              ElementsAre("command, line 2 became lines 2-3, the first of them: 'b' → 'x'"));
  EXPECT_THAT(changes("a\n", "a"), ElementsAre("command: the line feed at its end"));
}

TEST(RecipeChanges, ShowsTheChangedPartOfALongLine) {
  const std::string begin(300, 'x');
  EXPECT_THAT(changes(begin + " --seed 1", begin + " --seed 2"), ElementsAre(HasSubstr("--seed 1' → '…")));
  const std::string umlauts = [] {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "ü";
    return text;
  }();
  EXPECT_THAT(changes(umlauts + "1", umlauts + "2"), ElementsAre(HasSubstr("'…üüüüüüüüüü1' → ")));
}

TEST(RecipeChanges, TellsNoMoreThanFiveLines) {
  const auto lines = changes("1\n2\n3\n4\n5\n6\n7\n", "a\nb\nc\nd\ne\nf\ng\n");
  ASSERT_THAT(lines, SizeIs(6));
  EXPECT_EQ(lines.back(), "command: 2 more lines changed");
}

TEST(RecipeChanges, NamesTheEnvironmentVariableThatChanged) {
  const Json before = {{"A", "1f"}, {"B", nullptr}, {"C", "2f"}, {"D", "3f"}, {"E", "4f"}};
  const Json after = {{"A", "1f"}, {"B", "5f"}, {"C", nullptr}, {"D", "6f"}, {"F", "7f"}};
  EXPECT_THAT(
      recipe_changes(running("fit", before), running("fit", after)),
      ElementsAre("environment variable 'B' was not set, and is now",
                  "environment variable 'C' was set, and no longer is", "environment variable 'D' has another value",
                  "environment variable 'E' no longer counts", "environment variable 'F' counts now"));
}

TEST(RecipeChanges, TellsTheConfigBesidesTheCommand) {
  ReadRecipe after = running("fit 2");
  after.recipe.config = Json{{"points", 6}};
  EXPECT_THAT(recipe_changes(running("fit 1"), after),
              ElementsAre("command: 'fit 1' → 'fit 2'", "config.points: 5 → 6"));
}

TEST(RecipeChanges, OfALongCommandTheBeginningIsToldIfItChanged) {
  const auto long_command = [](const std::string& begin, const char* digest) {
    ReadRecipe read = running(begin);
    read.besides.erase("command");
    read.besides["command_sha256"] = digest;
    return read;
  };
  EXPECT_THAT(recipe_changes(long_command("fit 1", "1f"), long_command("fit 1", "2f")),
              ElementsAre("command: its text changed"));
  EXPECT_THAT(recipe_changes(long_command("fit 1", "1f"), long_command("fit 2", "2f")),
              ElementsAre("command: its text changed", HasSubstr("operation: ")));
}

TEST(RecipeChanges, OfAVersionThatIsMadeOfCodeTheVariablesAndThePiecesOfCodeAreTold) {
  const auto made_of = [](const char* version, Json reads, const char* code = "1f") {
    ReadRecipe read;
    read.recipe.op_name = "lab.source";
    read.recipe.version = version;
    read.recipe.config = Json{{"points", 5}};
    read.besides = {{"source", {{"code", code}, {"reads", std::move(reads)}}}};
    return read;
  };
  const ReadRecipe before = made_of("source:1", {{"N", 1}, {"helper", "2f"}});
  EXPECT_THAT(recipe_changes(before, made_of("source:2", {{"N", 2}, {"helper", "2f"}})),
              ElementsAre("source.reads.N: 1 → 2"));
  EXPECT_THAT(recipe_changes(before, made_of("source:3", {{"N", 1}}, "3f")),
              ElementsAre(R"(source.code: "1f" → "3f")", R"(source.reads.helper: removed (was "2f"))"));
  ReadRecipe swept = made_of("source:2", {{"N", 2}, {"helper", "2f"}});
  swept.recipe.config = Json{{"points", 6}};
  EXPECT_THAT(recipe_changes(before, swept), ElementsAre("source.reads.N: 1 → 2", "config.points: 5 → 6"));
  ReadRecipe raised = made_of("2", nullptr);
  raised.besides = nullptr;
  EXPECT_THAT(recipe_changes(before, raised), ElementsAre(R"(version: "source:1" → "2")"));
  EXPECT_THAT(recipe_changes(before, before), IsEmpty());
}

TEST(RecipeChanges, AnEntryThatDoesNotSayItsCommandIsComparedByDigests) {
  ReadRecipe old = running("fit 1\nmore 1");
  old.besides = nullptr;
  EXPECT_THAT(recipe_changes(old, running("fit 1\nmore 2")), ElementsAre(HasSubstr("besides its config changed")));
  EXPECT_THAT(recipe_changes(running("fit"), running("fit")), IsEmpty());
}

}  // namespace
}  // namespace neve
