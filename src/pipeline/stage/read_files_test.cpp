// What a compiled stage reads from files it declares.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

#include "pipeline/test_stages.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

using ::testing::HasSubstr;
using testing::Number;

struct ReaderConfig {
  std::string path;
  double factor = 1;
  static auto fields() {
    return neve::fields<ReaderConfig>(neve::field("path", &ReaderConfig::path),
                                      neve::field("factor", &ReaderConfig::factor));
  }
};

std::function<void()> while_reading;  // what somebody else does

struct Reader : Stage<ReaderConfig, Number> {
  static constexpr std::string_view kName = "test.reader";
  static constexpr std::string_view kVersion = "1";
  using Stage::Stage;
  [[nodiscard]] FilePaths input_files() const { return {{"number", config().path}}; }
  Number run(StageContext&) const {
    const auto text = read_file(config().path);
    if (while_reading) while_reading();
    return {config().factor * std::stod(std::string(text.value().text()))};
  }
};

/// Adds up what the files of a folder hold.
struct FolderReader : Stage<ReaderConfig, Number> {
  static constexpr std::string_view kName = "test.folder_reader";
  static constexpr std::string_view kVersion = "1";
  using Stage::Stage;
  [[nodiscard]] FilePaths input_files() const {
    FilePaths files;
    for (const auto& entry : std::filesystem::directory_iterator(config().path))
      files.emplace(entry.path().filename().string(), entry.path());
    return files;
  }
  Number run(StageContext&) const {
    if (while_reading) while_reading();
    Number sum;
    for (const auto& [name, path] : input_files()) sum.value += std::stod(std::string(read_file(path).value().text()));
    return sum;
  }
};

struct InheritedReader : Reader {
  using Reader::Reader;
};

class InputFilesOfAStage : public ::testing::Test {
 protected:
  void TearDown() override { while_reading = {}; }
  void write(std::string_view text) { write(file_, text); }
  static void write(const std::filesystem::path& file, std::string_view text) {
    replace_file(file, as_byte_span(text), Durability::none);
  }
  template <class S = Reader>
  [[nodiscard]] Pipeline pipeline() const {
    Pipeline pipeline("p");
    pipeline.add<S>("read", {.path = file_.string()});
    return pipeline;
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "number.txt";
  MemoryCache cache_{{}};
};

TEST_F(InputFilesOfAStage, AreReadAnewByEveryRunOfOnePipeline) {
  const Pipeline read = pipeline(), inherited = pipeline<InheritedReader>();
  for (const char* text : {"1", "2", "1"}) {
    write(text);
    EXPECT_EQ(read.run({.cache = &cache_}).get<Number>().value, std::stod(text));
    EXPECT_EQ(inherited.run({.cache = &cache_}).get<Number>().value, std::stod(text));
  }
  EXPECT_EQ(cache_.usage().entries, 2U);
  EXPECT_EQ(read.run({.cache = &cache_}).report.totals().outcomes.at("hit"), 1U);
}

TEST_F(InputFilesOfAStage, OfAStageWhoseConfigIsSetLaterAreReadAnewToo) {
  Pipeline read("p");
  read.add<Reader>("read");
  Sweep sweep;
  sweep.over("read.path", {file_.string()}).over("read.factor", {1, 10});
  for (const char* text : {"1", "2"}) {
    write(text);
    const SweepResult swept = run_sweep(read.graph(), sweep, {.cache = &cache_});
    EXPECT_EQ(swept.runs.at(1).result.get<Number>().value, 10 * std::stod(text));
  }
}

TEST_F(InputFilesOfAStage, ThatChangeWhileTheStageReadsThemFailIt) {
  write("1");
  while_reading = [this] { write("2"); };
  const RunResult changed = pipeline().try_run({.cache = &cache_});
  ASSERT_EQ(changed.failures.size(), 1U);
  EXPECT_EQ(changed.failures.front().code, ErrorCode::invalid_argument);
  EXPECT_THAT(changed.failures.front().message, HasSubstr("number.txt' was changed after this run had read it"));
  EXPECT_EQ(cache_.usage().entries, 0U);
  while_reading = [this] {  // there and back again
    write("3");
    write("2");
  };
  EXPECT_FALSE(pipeline().try_run({.cache = &cache_}).ok());
}

TEST_F(InputFilesOfAStage, ThatAreOthersThanInTheKeyFailIt) {
  write("1");
  Pipeline sum("p");
  sum.add<FolderReader>("sum", {.path = folder_.path().string()});
  const std::filesystem::path other = folder_.path() / "other.txt";
  for (const bool appears : {true, false}) {
    while_reading = [&] {
      if (appears) write(other, "2");
      if (!appears) std::filesystem::remove(other);
    };
    const RunResult changed = sum.try_run({.cache = &cache_});
    ASSERT_EQ(changed.failures.size(), 1U);
    EXPECT_EQ(changed.failures.front().code, ErrorCode::invalid_argument);
    EXPECT_THAT(changed.failures.front().message, HasSubstr("other input files"));
    EXPECT_EQ(cache_.usage().entries, 0U);
  }
  while_reading = {};
  EXPECT_EQ(sum.run({.cache = &cache_}).get<Number>().value, 1);
  write(other, "2");
  EXPECT_EQ(sum.run({.cache = &cache_}).get<Number>().value, 3);
}

TEST_F(InputFilesOfAStage, InAPipelineWithinAreReadAnewToo) {
  Pipeline outer("outer");
  outer.add("inner", pipeline().graph());
  for (const char* text : {"1", "2"}) {
    write(text);
    EXPECT_EQ(outer.run({.cache = &cache_}).get<Number>().value, std::stod(text));
  }
}

// The program itself stands for a file whose stamp can be trusted: it was written long ago.
struct LongKnown : Stage<testing::NumberConfig, Number> {
  static constexpr std::string_view kName = "test.long_known";
  static constexpr std::string_view kVersion = "1";
  using Stage::Stage;
  [[nodiscard]] FilePaths input_files() const { return {{"program", "/bin/ls"}}; }
  Number run(StageContext&) const { return {config().value}; }
};

TEST_F(InputFilesOfAStage, ThatSeveralStagesDeclareAreReadOnceInARun) {
  class Readings final : public RunObserver {
   public:
    void stage_reading(const StageEvent&, std::uint64_t done, std::uint64_t total) override {
      if (done == total) ++count;
    }
    std::atomic<int> count = 0;
  };
  Readings readings;
  Graph graph("g");
  for (const char* id : {"a", "b", "c", "d"}) graph.add(id, make_stage<LongKnown>());
  const RunResult result = run(graph, {.cache = &cache_, .observer = &readings});
  EXPECT_EQ(result.report.totals().outcomes.at("miss"), 4U);
  EXPECT_EQ(readings.count, 1);
  static_cast<void>(run(graph, {.cache = &cache_, .observer = &readings}));
  EXPECT_EQ(readings.count, 2) << "a run looks at them again: a mapping may have changed them unseen";
}

TEST_F(InputFilesOfAStage, ThatAreMissingAreNamed) {
  const RunResult missing = pipeline().try_run({.cache = &cache_});
  ASSERT_EQ(missing.failures.size(), 1U);
  EXPECT_THAT(missing.report.table(), HasSubstr("there is no input file"));
}

}  // namespace
}  // namespace neve
