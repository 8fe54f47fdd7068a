// One graph, run more than once while the files that its commands read change: as an open Python session does.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/cache/memory_cache.hpp>
#include <neve/pipeline/pipeline_file.hpp>
#include <neve/pipeline/run.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class RepeatedRun : public testing::Test {
 protected:
  RepeatedRun() {
    fs::create_directory(project_);
    commands_.folder = project_;
    commands_.environment = {{"PATH", "/usr/bin:/bin"}};
    commands_.temporary_folder = folder_.path();
    options_.cache = &cache_;
  }

  void write(const std::string& name, const std::string& text) { std::ofstream(project_ / name) << text; }
  Graph graph(const std::string& stage) const {
    const std::string text = "name: p\nstages:\n  join:\n" + stage;
    return make_graph(parse_pipeline_file(text, "f.yaml"), StageRegistry(), commands_);
  }
  RunResult run(const Graph& graph) { return try_run(graph, options_); }
  static std::string text_of(const RunResult& result) { return result.at("join").state.meta.at("text"); }

  const std::string join_ =
      "    run: printf '{\"text\":\"%s\"}' \"$(cat *.txt)\" > $NEVE_OUTPUT_DIR/state.json\n"
      "    inputs: ['*.txt']\n";
  TemporaryFolder folder_;
  fs::path project_ = folder_.path() / "project";
  CommandSurroundings commands_;
  MemoryCache cache_{MemoryCacheOptions{}};
  RunOptions options_;
};

TEST_F(RepeatedRun, SeesAnEditedInputEvenWhenSizeAndTimeTellNothing) {
  write("a.txt", "one");
  const Graph graph = this->graph(join_);
  EXPECT_EQ(text_of(run(graph)), "one");
  write("a.txt", "two");
  const RunResult again = run(graph);
  EXPECT_EQ(text_of(again), "two");
  EXPECT_EQ(again.report.stages.at(0).outcome, StageOutcome::miss);
}

TEST_F(RepeatedRun, SeesFilesThatMatchByNowAndMissesThoseThatAreGone) {
  write("a.txt", "one");
  const Graph graph = this->graph(join_);
  EXPECT_EQ(text_of(run(graph)), "one");
  write("b.txt", "two");
  EXPECT_EQ(text_of(run(graph)), "onetwo");
  fs::remove(project_ / "b.txt");
  const RunResult again = run(graph);
  EXPECT_EQ(text_of(again), "one");
  EXPECT_EQ(again.report.stages.at(0).outcome, StageOutcome::hit);
}

TEST_F(RepeatedRun, SaysWhichPatternMatchesNothingAnyMore) {
  write("a.txt", "one");
  const Graph graph = this->graph(join_);
  fs::remove(project_ / "a.txt");
  try {
    (void)run(graph);
    FAIL() << "ran without its input";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), testing::StartsWith("f.yaml:5:14: the input '*.txt' matches no file"));
  }
}

TEST_F(RepeatedRun, AnInputEditedUnderTheCommandCountsForTheNextRun) {
  write("a.txt", "one");
  const fs::path original = project_ / "a.txt";
  const Graph graph = this->graph(
      "    run: |\n"
      "      printf two > " +
      original.string() +
      "\n"
      "      printf '{\"text\":\"%s\"}' \"$(cat a.txt)\" > $NEVE_OUTPUT_DIR/state.json\n"
      "    inputs: [a.txt]\n");
  EXPECT_EQ(text_of(run(graph)), "one") << "the command has its copy";
  EXPECT_EQ(text_of(run(graph)), "two");
  write("a.txt", "one");
  EXPECT_EQ(run(graph).report.stages.at(0).outcome, StageOutcome::hit);
}

TEST_F(RepeatedRun, ASweepSeesOneStateOfItsFilesAtAllPoints) {
  write("a.txt", "one");
  const std::string stage =
      "    run: |\n"
      "      printf '{\"text\":\"%s\"}' \"$(cat a.txt)\" > $NEVE_OUTPUT_DIR/state.json\n"
      "    inputs: [a.txt]\n"
      "    with: {x: 0}\n";
  const Graph graph = this->graph(stage);
  Sweep sweep;
  sweep.over("join.x", {1, 2});
  const auto texts = [&] {
    std::vector<std::string> all;
    for (const SweepRun& run : run_sweep(graph, sweep, options_).runs) all.push_back(text_of(run.result));
    return all;
  };
  EXPECT_THAT(texts(), ElementsAre("one", "one"));
  write("a.txt", "two");
  EXPECT_THAT(texts(), ElementsAre("two", "two"));
}

/// A sweep whose first point edits what all of them read.
class EditedSweep : public RepeatedRun {
 protected:
  EditedSweep() {
    sweep_.over("join.x", {1, 2, 3});
    options_.capacity.cpu = 1;
  }
  Graph editing(const std::string& input) const {
    return this->graph(
        "    run: |\n"
        "      echo >> " +
        (project_ / "runs").string() + "\n      printf two > " + (project_ / "a.txt").string() +
        "\n"
        "      printf '{\"text\":\"%s\"}' \"$(head -c 3 " +
        input +
        ")\" > $NEVE_OUTPUT_DIR/state.json\n"
        "    inputs: [" +
        input +
        "]\n"
        "    with: {x: 0}\n");
  }
  std::uintmax_t runs() const { return fs::file_size(project_ / "runs"); }

  Sweep sweep_;
};

TEST_F(EditedSweep, GoesOnWithWhatItHadReadAndSaysSo) {
  write("a.txt", "one");
  const Graph graph = editing("a.txt");
  const SweepResult edited = run_sweep(graph, sweep_, options_);
  ASSERT_TRUE(edited.ok());
  for (const SweepRun& run : edited.runs) EXPECT_EQ(text_of(run.result), "one");
  EXPECT_THAT(edited.report.warnings,
              testing::Contains(testing::AllOf(
                  HasSubstr("the input file 'a.txt' was changed after this run had read it"), HasSubstr("run again"))));
  for (const SweepRun& run : run_sweep(graph, sweep_, options_).runs) EXPECT_EQ(text_of(run.result), "two");
}

TEST_F(EditedSweep, OfALargeFileSaysSoAndGoesThroughWhenRunAgain) {
  write("a.txt", "one" + std::string(17 << 20, ' '));
  const Graph graph = editing("a.txt");
  const SweepResult edited = run_sweep(graph, sweep_, options_);
  EXPECT_TRUE(edited.runs.at(0).result.ok());
  ASSERT_EQ(edited.runs.at(1).result.failures.size(), 1U);
  EXPECT_THAT(edited.runs.at(1).result.failures.front().message,
              testing::AllOf(HasSubstr("the input file 'a.txt' was changed after this run had read it"),
                             HasSubstr("run again")));
  for (const SweepRun& run : run_sweep(graph, sweep_, options_).runs) EXPECT_EQ(text_of(run.result), "two");
}

TEST_F(EditedSweep, OfAFileReadInItsPlaceComputesNoFurtherPointInVain) {
  write("a.txt", "one");
  EXPECT_FALSE(run_sweep(editing((project_ / "a.txt").string()), sweep_, options_).ok());
  EXPECT_EQ(runs(), 1U);
}

}  // namespace
}  // namespace neve
