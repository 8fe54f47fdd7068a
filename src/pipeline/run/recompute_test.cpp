// Computing a stage although its result is stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <utility>

#include <neve/base/error.hpp>

#include "pipeline/test_stages.hpp"

namespace neve {
namespace {

using testing::add;
using testing::Calls;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Number;
using testing::RecordingCache;
using testing::source;

/// Gives what `value` holds at the time, which is in no key.
StagePtr undeclared(const double& value, Calls& calls) {
  return make_stage("test.undeclared", "1", NoConfig{}, [&](const NoConfig&, StageContext& context) {
    calls.add(context.node());
    return Number{value};
  });
}

class Recompute : public ::testing::Test {
 protected:
  Recompute() {
    graph_.add("x", undeclared(value_, calls_)).add("y", add(1, calls_), {"x"});
    static_cast<void>(run(graph_, {.cache = &cache_}));
    static_cast<void>(calls_.take());
  }

  RunResult again(std::set<std::string> nodes) {
    return run(graph_, {.cache = &cache_, .recompute = std::move(nodes)});
  }

  double value_ = 2;
  Calls calls_;
  RecordingCache cache_;
  Graph graph_{"g"};
};

TEST_F(Recompute, ComputesTheNamedNodeAndFindsTheOthers) {
  const RunResult result = again({"x"});
  EXPECT_THAT(calls_.take(), ElementsAre("x"));
  EXPECT_EQ(result.report.stages[0].outcome, StageOutcome::miss);
  EXPECT_THAT(result.report.stages[0].reason, HasSubstr("the same result"));
  EXPECT_EQ(result.report.stages[1].outcome, StageOutcome::hit);
  EXPECT_THAT(result.report.warnings, IsEmpty());
}

TEST_F(Recompute, AnotherResultIsToldAndReplacesTheStoredOne) {
  value_ = 5;
  const RunResult result = again({"x"});
  EXPECT_EQ(result.get<Number>("y").value, 6);
  EXPECT_THAT(calls_.take(), ElementsAre("x", "y"));
  EXPECT_THAT(result.report.stages[0].reason, HasSubstr("another result"));
  EXPECT_THAT(result.report.warnings, ElementsAre(HasSubstr("stage 'x': computed again it gave another result")));

  EXPECT_EQ(run(graph_, {.cache = &cache_}).get<Number>("y").value, 6);
  EXPECT_THAT(calls_.take(), IsEmpty());
}

TEST_F(Recompute, MetricsArePartOfTheResult) {
  double metric = 1;
  Graph graph("g");
  graph.add("m", make_stage("test.metric", "1", NoConfig{}, [&](const NoConfig&, StageContext& context) {
              context.metric("m", metric);
              return Number{0};
            }));
  static_cast<void>(run(graph, {.cache = &cache_}));
  metric = 2;
  EXPECT_THAT(run(graph, {.cache = &cache_, .recompute = {"m"}}).report.warnings,
              ElementsAre(HasSubstr("another result")));
}

TEST_F(Recompute, WhatIsNotStoredIsComputedAsEver) {
  RecordingCache empty;
  const RunResult result = run(graph_, {.cache = &empty, .recompute = {"x", "y"}});
  EXPECT_EQ(result.report.stages[0].reason, "absent");
  EXPECT_THAT(result.report.warnings, IsEmpty());
}

TEST_F(Recompute, AFailureLeavesWhatIsStored) {
  bool fails = false;
  Graph graph("g");
  graph.add("f", make_stage("test.failing", "1", NoConfig{}, [&](const NoConfig&, StageContext&) {
              if (fails) throw Error(ErrorCode::stage_failed, "no licence");
              return Number{3};
            }));
  static_cast<void>(run(graph, {.cache = &cache_}));
  fails = true;
  EXPECT_FALSE(try_run(graph, {.cache = &cache_, .recompute = {"f"}}).ok());
  EXPECT_EQ(run(graph, {.cache = &cache_}).get<Number>("f").value, 3);
}

/// Gives what `output` gives at the time, which is in no key.
StagePtr changing(std::function<State(StageContext&)> output) {
  return make_stage("test.changing", "1", NoConfig{},
                    [output = std::move(output)](const NoConfig&, StageContext& context) { return output(context); });
}

TEST_F(Recompute, AResultThatCannotBeWrittenDownIsNoFailure) {
  std::function<State(StageContext&)> output = [](StageContext&) { return State{}; };
  Graph graph("g");
  graph.add("c", changing([&](StageContext& context) { return output(context); }));
  static_cast<void>(run(graph, {.cache = &cache_}));
  output = [](StageContext&) { return State{.meta = {{"text", "\xff"}}}; };
  const RunResult unhashable = run(graph, {.cache = &cache_, .recompute = {"c"}});
  EXPECT_EQ(unhashable.report.stages[0].outcome, StageOutcome::uncached);
  EXPECT_THAT(unhashable.report.warnings, ElementsAre(HasSubstr("another result")));
  output = [](StageContext& context) {
    context.metric("\xff", 1);
    return State{};
  };
  const RunResult unstorable = run(graph, {.cache = &cache_, .recompute = {"c"}});
  EXPECT_EQ(unstorable.report.stages[0].outcome, StageOutcome::miss);
  EXPECT_THAT(unstorable.report.warnings, ::testing::Contains(HasSubstr("another result")));
}

TEST_F(Recompute, EqualResultsFurtherUpMakeOneKeyThatIsComputedOnce) {
  Graph graph("g");
  graph.add("x", source(1, calls_))
      .add("sign",
           make_stage(
               "test.sign", "1", NoConfig{},
               [](const NoConfig&, const Number& in, StageContext&) { return Number{in.value > 0 ? 1.0 : -1.0}; }),
           {"x"})
      .add("end", add(1, calls_), {"sign"});
  Sweep sweep;
  sweep.over("x.value", {1, 2, 3});
  static_cast<void>(run_sweep(graph, sweep, {.cache = &cache_}));
  static_cast<void>(calls_.take());
  const SweepResult result = run_sweep(graph, sweep, {.cache = &cache_, .recompute = {"end"}});
  EXPECT_TRUE(result.ok());
  EXPECT_THAT(calls_.take(), ElementsAre("end"));
}

TEST_F(Recompute, TheIdOfAGraphMeansItsNodes) {
  Graph outer("o");
  outer.add("part", graph_).add("z", add(1, calls_), {"part"});
  static_cast<void>(run(outer, {.cache = &cache_}));
  static_cast<void>(calls_.take());
  static_cast<void>(run(outer, {.cache = &cache_, .recompute = {"part"}}));
  EXPECT_THAT(calls_.take(), ElementsAre("part/x", "part/y"));
}

TEST_F(Recompute, AnUnknownNodeIsRefusedWithTheNearestName) {
  Graph graph("g");
  graph.add("fiber", source(1, calls_));
  try {
    static_cast<void>(run(graph, {.cache = &cache_, .recompute = {"fibre"}}));
    FAIL() << "was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("'fibre'"));
    EXPECT_THAT(error.what(), HasSubstr("'fiber'"));
  }
  EXPECT_THAT(calls_.take(), IsEmpty());
}

}  // namespace
}  // namespace neve
