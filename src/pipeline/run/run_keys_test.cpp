// What enters the keys of a run's stages, and what has no key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include <neve/base/error.hpp>

#include "pipeline/test_stages.hpp"

namespace neve {
namespace {

using testing::action;
using testing::add;
using testing::Calls;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Number;
using testing::NumberConfig;
using testing::RecordingCache;
using testing::source;
using testing::subtract;
using testing::two_stages;

TEST(RunKeys, PolicyEntersEveryKeyAndReachesTheStage) {
  Calls calls;
  RecordingCache cache;
  Pipeline chain("p");
  chain.add("a", action([](StageContext& context) { return Number{context.policy("factor", 1.0)}; }));
  EXPECT_EQ(chain.run({.cache = &cache}).get<Number>().value, 1);
  EXPECT_EQ(chain.run({.cache = &cache, .policy = {{"factor", 3.0}}}).get<Number>().value, 3);
  EXPECT_EQ(chain.run({.cache = &cache, .policy = {{"factor", 4.0}}}).get<Number>().value, 4);
  EXPECT_EQ(cache.stores, 3);
  EXPECT_EQ(chain.run({.cache = &cache}).get<Number>().value, 1);
  EXPECT_EQ(cache.stores, 3);
}

TEST(RunKeys, AnUnchangedIntermediateResultCutsTheRecomputationShort) {
  Calls calls;
  RecordingCache cache;
  const auto graph = [&calls](double x) {
    Pipeline chain("p");
    chain.add("x", source(x, calls))
        .add("sign", make_stage("test.sign", "1", NoConfig{},
                                [&calls](const NoConfig&, const Number& in, StageContext& context) {
                                  calls.add(context.node());
                                  return Number{in.value > 0 ? 1.0 : -1.0};
                                }))
        .add("end", add(1, calls));
    return chain;
  };
  static_cast<void>(graph(2).run({.cache = &cache}));
  static_cast<void>(calls.take());
  EXPECT_EQ(graph(3).run({.cache = &cache}).get<Number>().value, 2);
  EXPECT_THAT(calls.take(), ElementsAre("x", "sign"));
}

TEST(RunKeys, SwappedInputsGetAnotherKey) {
  Calls calls;
  RecordingCache cache;
  const auto difference = [&calls](const std::string& first, const std::string& second) {
    Graph graph("g");
    graph.add("x", source(5, calls)).add("y", source(3, calls)).add("d", subtract(calls), {first, second});
    return graph;
  };
  EXPECT_EQ(run(difference("x", "y"), {.cache = &cache}).get<Number>("d").value, 2);
  EXPECT_EQ(run(difference("y", "x"), {.cache = &cache}).get<Number>("d").value, -2);
  EXPECT_EQ(run(difference("x", "x"), {.cache = &cache}).get<Number>("d").value, 0);
}

TEST(RunKeys, TheRunsInputEntersTheKeyOfWhoGetsIt) {
  Calls calls;
  RecordingCache cache;
  Pipeline chain("p");
  chain.add("b", add(2, calls));
  const auto from = [&](double value) {
    return chain.run({.cache = &cache, .input = StateCodec<Number>::encode(Number{value})}).get<Number>().value;
  };
  EXPECT_EQ(from(1), 3);
  EXPECT_EQ(from(5), 7);
  EXPECT_EQ(from(1), 3);
  EXPECT_EQ(calls.count(), 2U);
  EXPECT_THROW(static_cast<void>(chain.run({.cache = &cache})), Error);
}

TEST(RunKeys, NanInAConfigMakesTheStageUncacheableButItRuns) {
  Calls calls;
  RecordingCache cache;
  const Pipeline chain = two_stages(calls, 1, std::nan(""));
  static_cast<void>(chain.run({.cache = &cache}));
  const RunResult again = chain.run({.cache = &cache});
  EXPECT_TRUE(std::isnan(again.get<Number>().value));
  EXPECT_THAT(calls.take(), ElementsAre("a", "b", "b"));
  EXPECT_EQ(cache.stores, 1);
  const StageReport& report = again.report.stages[1];
  EXPECT_EQ(report.outcome, StageOutcome::uncached);
  EXPECT_TRUE(report.uncacheable);
  EXPECT_THAT(report.reason, HasSubstr("value"));
  EXPECT_EQ(report.key, "");
  EXPECT_EQ(again.report.totals().uncacheable.at(report.reason), 1U);
  EXPECT_THAT(again.report.table(), HasSubstr("uncacheable: "));
}

TEST(RunKeys, TheReasonOfAFailureIsNotGivenForHavingNoKey) {
  RecordingCache cache;
  Pipeline failing("p");
  failing.add("a", make_stage("test.failing", "1", NumberConfig{std::nan("")},
                              [](const NumberConfig&, StageContext&) -> Number {
                                throw Error(ErrorCode::unavailable, "no licence");
                              }));
  const RunReport report = try_run(failing.graph(), {.cache = &cache}).report;
  EXPECT_EQ(report.stages[0].reason, "no licence");
  EXPECT_THAT(report.totals().uncacheable, ::testing::IsEmpty());
}

TEST(RunKeys, AnEmptyPolicyIsNone) {
  Calls calls;
  MemoryCache cache({});
  static_cast<void>(two_stages(calls).run({.cache = &cache}));
  EXPECT_EQ(calls.take().size(), 2U);
  static_cast<void>(two_stages(calls).run({.cache = &cache, .policy = Json::object()}));
  EXPECT_EQ(calls.count(), 0U);
  Pipeline chain("p");
  chain.add("a", action([](StageContext& context) { return Number{context.policy().is_null() ? 1.0 : 2.0}; }));
  EXPECT_EQ(chain.run({.policy = Json::object()}).get<Number>().value, 1);
}

TEST(RunKeys, APolicyWithoutNamesIsRefusedBeforeAnythingRuns) {
  Calls calls;
  for (const Json& policy : {Json::array({"tolerance", 1e-9}), Json("strict"), Json(5)}) {
    try {
      static_cast<void>(two_stages(calls).try_run({.policy = policy}));
      ADD_FAILURE() << policy;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      EXPECT_THAT(error.what(), HasSubstr("the run's policy is"));
    }
  }
  EXPECT_EQ(calls.count(), 0U);
}

TEST(RunKeys, NanInAPolicyMakesEveryStageUncacheable) {
  Calls calls;
  RecordingCache cache;
  const RunResult result = two_stages(calls).run({.cache = &cache, .policy = {{"x", std::nan("")}}});
  EXPECT_EQ(cache.stores + cache.lookups, 0);
  EXPECT_TRUE(result.report.stages[0].uncacheable && result.report.stages[1].uncacheable);
}

TEST(RunKeys, AStateThatCannotBeHashedMakesItsUsersUncacheable) {
  Calls calls;
  RecordingCache cache;
  Pipeline chain("p");
  chain
      .add("odd", make_stage("test.odd", "1", NoConfig{},
                             [](const NoConfig&, StageContext&) {
                               return State{.meta = {{"value", 1.0}, {"text", "not \xff UTF-8"}}, .arrays = {}};
                             }))
      .add("b", add(1, calls));
  const RunResult result = chain.run({.cache = &cache});
  EXPECT_EQ(result.get<Number>().value, 2);
  EXPECT_EQ(cache.stores, 0);
  EXPECT_THAT(result.report.stages[0].reason, HasSubstr("the result cannot be hashed"));
  EXPECT_THAT(result.report.stages[1].reason, HasSubstr("the state of 'odd' cannot be hashed"));
}

TEST(RunKeys, AResultThatItsStageKeepsOutIsGivenAndNotStored) {
  RecordingCache cache;
  Pipeline chain("p");
  chain.add("odd", action([](StageContext& context) {
              context.keep_out("the table was written to");
              return Number{2};
            }));
  for (int run = 0; run < 2; ++run) {
    const RunResult result = chain.run({.cache = &cache});
    EXPECT_EQ(result.get<Number>().value, 2);
    EXPECT_EQ(result.report.stages[0].outcome, StageOutcome::uncached);
    EXPECT_EQ(result.report.stages[0].reason, "the table was written to");
    EXPECT_EQ(result.report.stages[0].key, "");
    EXPECT_EQ(result.report.totals().uncacheable.at("the table was written to"), 1U);
  }
  EXPECT_EQ(cache.stores, 0);
  EXPECT_THAT(chain.run().report.totals().uncacheable, ::testing::IsEmpty()) << "nobody wanted it stored";
}

}  // namespace
}  // namespace neve
