// Caches that fail, throw, or hold what is no result.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/test_stages.hpp"

namespace neve {
namespace {

using testing::Calls;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Number;
using testing::RecordingCache;
using testing::two_stages;

TEST(RunWithAFailingCache, AFailingCacheNeverFailsTheRun) {
  Calls calls;
  RecordingCache cache;
  cache.failing = true;
  const RunResult result = two_stages(calls).run({.cache = &cache});
  EXPECT_EQ(result.get<Number>().value, 3);
  EXPECT_EQ(result.at("a").provenance.cache.reason, "unavailable: the store is away");
  EXPECT_THAT(result.report.warnings, ElementsAre("the cache could not be read: the store is away (2 times)",
                                                  "the cache could not be written: the disk is full (2 times)"));
}

TEST(RunWithAFailingCache, ForeignEntriesAreMissesAndLeftAlone) {
  Calls calls;
  RecordingCache cache;
  const Pipeline chain = two_stages(calls);
  static_cast<void>(chain.run({.cache = &cache}));
  const Key key(cache.keys[0]);
  cache.store(key, Entry{.meta = {{"state_blob", "gASVBQAAAAAAAABLKi4="}}, .arrays = {}}, {});
  const int stores = cache.stores;
  const RunResult result = chain.run({.cache = &cache});
  EXPECT_EQ(result.report.stages[0].outcome, StageOutcome::miss);
  EXPECT_THAT(result.report.stages[0].reason, HasSubstr("unsupported: "));
  EXPECT_EQ(cache.stores, stores);
}

TEST(RunWithAFailingCache, DamagedStageResultsAreReplaced) {
  Calls calls;
  RecordingCache cache;
  const Pipeline chain = two_stages(calls);
  static_cast<void>(chain.run({.cache = &cache}));
  const std::string good = cache.bytes.at(cache.keys[0]);
  cache.store(Key(cache.keys[0]), Entry{.meta = {{"format", "neve.stage_result"}, {"format_version", 1}}, .arrays = {}},
              {});
  const RunResult result = chain.run({.cache = &cache});
  EXPECT_THAT(result.report.stages[0].reason, HasSubstr("corrupt: "));
  EXPECT_EQ(cache.bytes.at(cache.keys[0]), good);
}

TEST(RunWithAFailingCache, WhatCannotBeStoredNamesItsStage) {
  RecordingCache cache;
  Graph graph("g");
  graph.add("odd", make_stage("test.odd", "1", NoConfig{}, [](const NoConfig&, StageContext&) {
              return State{.meta = {}, .arrays = {{"../x", Array::scalar(1.0)}}};
            }));
  EXPECT_THAT(run(graph, {.cache = &cache}).report.warnings, ElementsAre(HasSubstr("the result of 'odd' cannot be")));
}

/// Throws what is no exception, wherever it is asked.
class RudeCache final : public CacheBackend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "rude"; }
  [[nodiscard]] LookupResult lookup(const Key&, const LookupOptions&) override { throw 42; }
  StoreResult store(const Key&, const Entry&, const StoreOptions&) override { throw 42; }
  bool erase(const Key&) override { return false; }
  [[nodiscard]] bool contains(const Key&) override { return false; }
  [[nodiscard]] Usage usage() override { return {}; }
};

TEST(RunWithAFailingCache, WhateverACacheThrowsTheResultsAreKept) {
  Calls calls;
  RudeCache cache;
  const RunResult result = two_stages(calls).run({.cache = &cache});
  EXPECT_EQ(result.get<Number>().value, 3);
  EXPECT_THAT(result.report.warnings, ElementsAre(HasSubstr("could not be read: something was thrown"),
                                                  HasSubstr("could not be written: something was thrown")));
}

}  // namespace
}  // namespace neve
