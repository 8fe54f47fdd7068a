// Input files that take long to read: who waits sees how far it is, and can give up.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/cache/memory_cache.hpp>
#include <neve/pipeline/pipeline_file.hpp>
#include <neve/pipeline/run.hpp>
#include <neve/pipeline/run_observer.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLarge = std::uint64_t{64} << 20;

class Reader final : public RunObserver {
 public:
  void stage_reading(const StageEvent&, std::uint64_t done, std::uint64_t total) override {
    const std::lock_guard lock(mutex_);
    EXPECT_LE(done, total);
    totals_.insert(total);
    last_ = done;
    ++blocks_;
    if (gives_up_) stop_.request_stop();
  }

  std::mutex mutex_;
  std::set<std::uint64_t> totals_;
  std::uint64_t last_ = 0;
  std::size_t blocks_ = 0;
  bool gives_up_ = false;
  std::stop_source stop_;
};

class LargeInput : public testing::Test {
 protected:
  LargeInput() {
    std::ofstream(folder_.path() / "large.bin").close();
    fs::resize_file(folder_.path() / "large.bin", kLarge);  // a hole: costs no disk
    commands_.folder = folder_.path();
    commands_.environment = {{"PATH", "/usr/bin:/bin"}};
    commands_.temporary_folder = folder_.path();
    options_.cache = &cache_;
    options_.observer = &reader_;
    options_.stop = reader_.stop_.get_token();
  }

  RunResult run(const std::string& stages) {
    const Graph graph = make_graph(parse_pipeline_file("name: p\nstages:\n" + stages, "f.yaml"), {}, commands_);
    return try_run(graph, options_);
  }

  static constexpr const char* kCount = "{run: 'echo {} > $NEVE_OUTPUT_DIR/state.json', inputs: [large.bin]}\n";
  TemporaryFolder folder_;
  CommandSurroundings commands_;
  MemoryCache cache_{MemoryCacheOptions{}};
  Reader reader_;
  RunOptions options_;
};

TEST_F(LargeInput, IsSeenToBeRead) {
  EXPECT_TRUE(run("  count: " + std::string(kCount)).ok());
  EXPECT_EQ(reader_.totals_, std::set{kLarge});
  EXPECT_EQ(reader_.last_, kLarge);
}

TEST_F(LargeInput, IsReadNoFurtherWhenTheRunIsCancelled) {
  reader_.gives_up_ = true;
  const RunResult result = run("  count: " + std::string(kCount));
  EXPECT_EQ(result.report.stages.at(0).outcome, StageOutcome::cancelled);
  EXPECT_LT(reader_.last_, kLarge);
}

TEST_F(LargeInput, OfSeveralStagesIsReadOnce) {
  // Installed some time ago: of a file written a moment before it is read another thread may have read something else.
  // By a name that this process has not read it by.
  const fs::path program = folder_.path() / "program";
  fs::create_symlink("/bin/sh", program);
  const std::string stage = "{run: 'echo {} > $NEVE_OUTPUT_DIR/state.json', inputs: ['" + program.string() + "']}\n";
  EXPECT_TRUE(run("  a: " + stage + "  b: " + stage + "  c: " + stage).ok());
  const std::uint64_t mebibyte = std::uint64_t{1} << 20;
  EXPECT_EQ(reader_.blocks_, (fs::file_size(program) + mebibyte - 1) / mebibyte);
}

}  // namespace
}  // namespace neve
