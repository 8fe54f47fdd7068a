#include <neve/pipeline/recipe_probe.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/test_stages.hpp"

namespace neve {
namespace {

using namespace neve::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using State = ProbedStage::State;

struct Probe : ::testing::Test {
  std::vector<ProbedStage> probe(const Pipeline& chain) { return probe_recipes(chain.graph(), {.cache = &cache}); }

  MemoryCache cache{MemoryCacheOptions{}};
  Calls calls;
};

TEST_F(Probe, TellsWhatIsFoundAndWhatFollowsAndComputesNothing) {
  EXPECT_TRUE(two_stages(calls).run({.cache = &cache}).ok());
  static_cast<void>(calls.take());
  auto stages = probe(two_stages(calls));
  EXPECT_EQ(stages[0].state, State::found);
  EXPECT_EQ(stages[1].state, State::found);
  stages = probe(two_stages(calls, 9));
  EXPECT_EQ(stages[0].state, State::missing);
  EXPECT_EQ(stages[0].recipe["config"]["value"], 9.0);
  EXPECT_EQ(stages[1].state, State::follows);
  EXPECT_THAT(stages[1].waits_for, ElementsAre("a"));
  EXPECT_THAT(calls.take(), IsEmpty());
  EXPECT_EQ(cache.usage().entries, 2U) << "what it pretends to have computed goes nowhere";
}

TEST_F(Probe, AStageThatNobodyWantsCachedIsNotFoundThoughItsResultIsThere) {
  EXPECT_TRUE(two_stages(calls).run({.cache = &cache}).ok());
  Pipeline chain("p");
  chain.add("a", source(1, calls), {.caching = Caching::off}).add("b", add(2, calls));
  const auto stages = probe(chain);
  EXPECT_EQ(stages[0].state, State::uncacheable);
  EXPECT_EQ(stages[0].reason, "caching is off for this stage");
  EXPECT_EQ(stages[1].state, State::follows);
}

TEST_F(Probe, WhatFollowsIsToldAlsoWhereItStandsBeforeWhatItNeeds) {
  const auto reversed = [this](double first) {
    Graph graph("p");
    return graph.add("b", add(2, calls), {"a"}).add("a", source(first, calls));
  };
  EXPECT_TRUE(try_run(reversed(1), {.cache = &cache}).ok());
  const auto stages = probe_recipes(reversed(9), {.cache = &cache});
  EXPECT_EQ(stages[0].node, "b");
  EXPECT_EQ(stages[0].state, State::follows);
  EXPECT_THAT(stages[0].waits_for, ElementsAre("a"));
  EXPECT_EQ(stages[1].state, State::missing);
}

TEST_F(Probe, StagesOfAGraphWithinAreTold) {
  const auto outer = [this](double first) {
    Pipeline chain("outer");
    chain.add("inner", two_stages(calls, first)).add("c", add(3, calls));
    return chain;
  };
  EXPECT_TRUE(outer(1).run({.cache = &cache}).ok());
  for (const ProbedStage& stage : probe(outer(1))) EXPECT_EQ(stage.state, State::found) << stage.node;
  const auto stages = probe(outer(2));
  EXPECT_EQ(stages[0].state, State::missing);
  EXPECT_EQ(stages[0].node, "inner/a");
  EXPECT_THAT(stages[1].waits_for, ElementsAre("inner/a"));
  EXPECT_THAT(stages[2].waits_for, ElementsAre("inner/b"));
}

TEST_F(Probe, WithoutACacheNothingIsFound) {
  EXPECT_EQ(probe_recipes(two_stages(calls).graph(), {})[0].state, State::missing);
}

TEST_F(Probe, ThePolicyAndTheInputCount) {
  Pipeline chain("p");
  chain.add("b", add(2, calls));
  const RunOptions options{.cache = &cache, .policy = {{"seed", 1}}, .input = StateCodec<Number>::encode(Number{1})};
  EXPECT_TRUE(chain.run(options).ok());
  EXPECT_EQ(probe_recipes(chain.graph(), options)[0].state, State::found);
  RunOptions other = options;
  other.policy = {{"seed", 2}};
  EXPECT_EQ(probe_recipes(chain.graph(), other)[0].state, State::missing);
  other = options;
  other.input = StateCodec<Number>::encode(Number{3});
  EXPECT_EQ(probe_recipes(chain.graph(), other)[0].state, State::missing);
}

}  // namespace
}  // namespace neve
