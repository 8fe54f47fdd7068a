// What a stage finds amiss with its result is part of the result; what was amiss with a run is not.
#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/stage/stage_entry.hpp"
#include "pipeline/test_stages.hpp"

namespace neve {
namespace {

using testing::action;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Number;

/// A pipeline of the one stage `fit`, which does `act` and gives 1.
template <class Act>
Pipeline fitting(const Act& act) {
  Pipeline chain("p");
  chain.add("fit", action([act](StageContext& context) {
              act(context);
              return Number{1};
            }));
  return chain;
}

TEST(Warning, AHitSaysWhatTheComputationSaid) {
  const Pipeline chain = fitting([](StageContext& context) {
    context.warn("the step is coarse");
    context.warn("the fit is poor");
    context.warn("the fit is poor");
  });
  MemoryCache cache{MemoryCacheOptions{}};
  const RunResult computed = chain.run({.cache = &cache});
  EXPECT_THAT(computed.report.warnings,
              ElementsAre("stage 'fit': the fit is poor (2 times)", "stage 'fit': the step is coarse"));
  EXPECT_THAT(computed.at("fit").warnings, ElementsAre("the fit is poor", "the step is coarse"));
  EXPECT_EQ(computed.report.stages[0].warnings, computed.at("fit").warnings);
  const RunResult hit = chain.run({.cache = &cache});
  EXPECT_EQ(hit.report.stages[0].outcome, StageOutcome::hit);
  EXPECT_THAT(hit.report.warnings, ElementsAre("stage 'fit': the fit is poor", "stage 'fit': the step is coarse"));
  EXPECT_EQ(hit.at("fit").warnings, computed.at("fit").warnings);
}

TEST(Warning, AnInputThatNoStageTakesIsReported) {
  const Pipeline chain = fitting([](StageContext&) {});
  const RunResult result = chain.run({.input = StateCodec<Number>::encode(Number{3})});
  EXPECT_THAT(result.report.warnings, ElementsAre(HasSubstr("the run's input is taken by no stage")));
  EXPECT_THAT(chain.run().report.warnings, IsEmpty());
}

TEST(Warning, ARemarkIsOfTheRunThatMadeIt) {
  const Pipeline chain = fitting([](StageContext& context) { context.remark("the log is incomplete"); });
  MemoryCache cache{MemoryCacheOptions{}};
  EXPECT_THAT(chain.run({.cache = &cache}).report.warnings, ElementsAre("stage 'fit': the log is incomplete"));
  EXPECT_THAT(chain.run({.cache = &cache}).report.warnings, IsEmpty());
}

TEST(Warning, OfAnAttemptThatFailedNothingIsKept) {
  Pipeline chain("p");
  chain.add("fit", action([](StageContext& context) {
              context.warn("attempt " + std::to_string(context.attempt()));
              if (context.attempt() == 1) throw Error(ErrorCode::stage_failed, "not yet");
              return Number{1};
            }),
            {.retry = RetryPolicy{.attempts = 2, .backoff = std::chrono::milliseconds(0)}});
  MemoryCache cache{MemoryCacheOptions{}};
  EXPECT_THAT(chain.run({.cache = &cache}).report.warnings,
              ElementsAre("stage 'fit': attempt 1", "stage 'fit': attempt 2"));
  EXPECT_THAT(chain.run({.cache = &cache}).report.warnings, ElementsAre("stage 'fit': attempt 2"));
}

TEST(Warning, RunsThatShareAComputationAllHearIt) {
  constexpr int kRuns = 8;
  std::atomic<int> computed = 0;
  const Pipeline chain = fitting([&](StageContext& context) {
    ++computed;
    for (int i = 0; i < 2000; ++i) std::this_thread::yield();  // the others come to wait meanwhile
    context.warn("the fit is poor");
  });
  MemoryCache cache{MemoryCacheOptions{}};
  std::latch start(kRuns);
  std::vector<RunResult> results(kRuns);
  {
    std::vector<std::jthread> threads;
    for (RunResult& result : results) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        result = chain.run({.cache = &cache});
      });
    }
  }
  EXPECT_EQ(computed, 1);
  for (const RunResult& result : results)
    EXPECT_THAT(result.report.warnings, ElementsAre("stage 'fit': the fit is poor"));
}

TEST(Warning, OfVeryManyTheFirstInAlphabeticalOrderAreKept) {
  StageContext context;
  for (int i = 999; i >= 100; --i) context.warn(std::to_string(i));
  const std::vector<std::string> kept = context.warnings();
  ASSERT_EQ(kept.size(), StageContext::kMostWarnings);
  EXPECT_EQ(kept.front(), "100");
  EXPECT_EQ(kept.back(), "199");
}

TEST(Warning, BytesThatAreNoTextKeepNoResultFromBeingStored) {
  const Pipeline chain = fitting([](StageContext& context) { context.warn("file \xff is odd"); });
  MemoryCache cache{MemoryCacheOptions{}};
  EXPECT_THAT(chain.run({.cache = &cache}).report.warnings, ElementsAre("stage 'fit': file \xEF\xBF\xBD is odd"));
  EXPECT_THAT(chain.run({.cache = &cache}).report.warnings, ElementsAre("stage 'fit': file \xEF\xBF\xBD is odd"));
}

TEST(Warning, AnEntryWhoseWarningsAreNoTextsIsCorrupt) {
  Entry entry =
      encode_stage_entry({.state = {}, .metrics = {}, .artifacts = {}, .warnings = {"w"}, .output_hash = "h"});
  EXPECT_THAT(decode_stage_entry(entry).warnings, ElementsAre("w"));
  entry.meta["warnings"] = {1};
  try {
    static_cast<void>(decode_stage_entry(entry));
    FAIL() << "it was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt);
    EXPECT_THAT(error.what(), HasSubstr("malformed"));
  }
}

}  // namespace
}  // namespace neve
