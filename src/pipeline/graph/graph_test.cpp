#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/test_stages.hpp"
#include "support/refusal.hpp"

namespace neve {
namespace {

using testing::add;
using ::testing::AllOf;
using testing::Calls;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Number;
using testing::source;
using testing::subtract;

std::vector<std::string> ids(const std::vector<Node>& nodes) {
  std::vector<std::string> result;
  for (const Node& node : nodes) result.push_back(node.id);
  return result;
}

TEST(Graph, DuplicateNodesAreRefusedByName) {
  Calls calls;
  Graph graph("g");
  graph.add("pulse", source(1, calls));
  EXPECT_THAT(refusal_of([&] { graph.add("pulse", source(2, calls)); }), HasSubstr("node 'pulse' is there twice"));
}

TEST(Graph, MissingDependencyNamesBothNodesAndTheNearest) {
  Calls calls;
  Graph graph("g");
  graph.add("pulse", source(1, calls)).add("fiber", add(1, calls), {"plse"});
  EXPECT_THAT(refusal_of([&] { graph.check(); }),
              AllOf(HasSubstr("node 'fiber' needs 'plse'"), HasSubstr("did you mean 'pulse'?")));
}

TEST(Graph, CyclesPrintTheirPath) {
  Calls calls;
  Graph graph("g");
  graph.add("start", source(1, calls));
  graph.add("a", subtract(calls), {"start", "c"}).add("b", add(1, calls), {"a"}).add("c", add(1, calls), {"b"});
  EXPECT_THAT(refusal_of([&] { graph.check(); }), HasSubstr("a -> c -> b -> a"));
}

TEST(Graph, ANodeThatNeedsItselfIsACycle) {
  Calls calls;
  Graph graph("g");
  graph.add("a", add(1, calls), {"a"});
  EXPECT_THAT(refusal_of([&] { graph.check(); }), HasSubstr("a -> a"));
}

TEST(Graph, WrongNumberOfInputsNamesNodeAndOperation) {
  Calls calls;
  Graph graph("g");
  graph.add("pulse", source(1, calls)).add("difference", subtract(calls), {"pulse"});
  EXPECT_THAT(refusal_of([&] { graph.check(); }),
              HasSubstr("node 'difference' (test.subtract) takes 2 inputs but needs 1"));
}

TEST(Graph, EmptyGraphsAndUnusableNamesAreRefused) {
  Calls calls;
  EXPECT_THAT(refusal_of([&] { Graph("g").check(); }), HasSubstr("no nodes"));
  EXPECT_THAT(refusal_of([&] { Graph("a/b"); }), HasSubstr("becomes a folder name"));
  EXPECT_THAT(refusal_of([&] { Graph("g").add("../x", source(1, calls)); }), HasSubstr("'../x'"));
  EXPECT_THAT(refusal_of([&] { Graph("g").add("", source(1, calls)); }), HasSubstr("1 to 100"));
}

TEST(Graph, OrderFollowsNeedsAndOtherwiseAddition) {
  Calls calls;
  Graph graph("g");
  graph.add("last", subtract(calls), {"b", "a"});
  graph.add("b", source(1, calls)).add("a", source(2, calls)).add("alone", source(3, calls));
  EXPECT_THAT(ids(graph.ordered()), ElementsAre("b", "a", "last", "alone"));
}

TEST(Graph, TheOutputIsTheOnlyEndOrTheOneThatWasSet) {
  Calls calls;
  Graph graph("g");
  graph.add("a", source(1, calls)).add("b", add(1, calls), {"a"});
  EXPECT_EQ(graph.output(), "b");
  graph.add("c", add(2, calls), {"a"});
  EXPECT_EQ(graph.output(), "");
  graph.set_output("c");
  EXPECT_EQ(graph.output(), "c");
}

TEST(Graph, InnerGraphsJoinWithTheirOwnNames) {
  Calls calls;
  Graph inner("inner");
  inner.add("x", add(1, calls)).add("y", add(2, calls), {"x"});
  Graph outer("outer");
  outer.add("start", source(10, calls)).add("twice", inner, {"start"}).add("end", add(5, calls), {"twice"});
  EXPECT_THAT(ids(outer.ordered()), ElementsAre("start", "twice/x", "twice/y", "end"));
  EXPECT_EQ(run(outer).get<Number>().value, 18);
}

TEST(Graph, AnInnerGraphThatTakesNoInputCannotNeedAnythingAndLeavesNothingBehind) {
  Calls calls;
  Graph inner("inner");
  inner.add("x", source(1, calls));
  Graph outer("outer");
  outer.add("start", source(10, calls));
  EXPECT_THAT(refusal_of([&] { outer.add("in", inner, {"start"}); }), HasSubstr("no stage in it takes an input"));
  EXPECT_THAT(ids(outer.nodes()), ElementsAre("start"));
  outer.add("in", inner);
  EXPECT_THAT(ids(outer.ordered()), ElementsAre("start", "in/x"));
}

TEST(Graph, SetChangesOneFieldAndNamesWhatIsWrong) {
  Calls calls;
  Graph graph("g");
  graph.add("pulse", source(1, calls)).add("pulse.long", source(2, calls));
  graph.set("pulse.value", 7).set("pulse.long.value", 8);
  EXPECT_EQ(graph.node("pulse").stage->config(), Json({{"value", 7.0}}));
  EXPECT_EQ(graph.node("pulse.long").stage->config(), Json({{"value", 8.0}}));
  EXPECT_THAT(refusal_of([&] { graph.set("puls.value", 1); }), HasSubstr("did you mean 'pulse'?"));
  EXPECT_THAT(refusal_of([&] { graph.set("pulse.vale", 1); }), HasSubstr("did you mean 'value'?"));
  EXPECT_THAT(refusal_of([&] { graph.set("pulse.value", "much"); }), HasSubstr("cannot set 'pulse.value'"));
  EXPECT_THAT(refusal_of([&] { graph.set("pulse.value.deep", 1); }), HasSubstr("not a group of fields"));
  EXPECT_THAT(refusal_of([&] { graph.set("pulse.vale.deep", 1); }), HasSubstr("did you mean 'value'?"));
  EXPECT_THAT(refusal_of([&] { graph.set("pulse", 1); }), HasSubstr("a field is missing"));
}

struct ListConfig {
  std::vector<double> values{1, 2, 3};

  static auto fields() { return neve::fields<ListConfig>(neve::field("values", &ListConfig::values)); }
};

TEST(Graph, SetReachesIntoLists) {
  Graph graph("g");
  graph.add("a", make_stage("test.list", "1", ListConfig{},
                            [](const ListConfig& config, StageContext&) { return Number{config.values.at(1)}; }));
  graph.set("a.values.1", 7);
  EXPECT_EQ(graph.node("a").stage->config(), Json({{"values", {1.0, 7.0, 3.0}}}));
  for (const char* path :
       {"a.values.3", "a.values.-1", "a.values.00", "a.values.01", "a.values.x", "a.values.99999999999999999999"}) {
    EXPECT_THAT(refusal_of([&] { graph.set(path, 1); }), HasSubstr("is no position in a list of 3")) << path;
  }
  EXPECT_THAT(refusal_of([&] { graph.set("a.values.1.deep", 1); }), HasSubstr("not a group of fields"));
}

TEST(Graph, OfSettingsThatAreGivenTogetherAllAreSetOrNone) {
  Calls calls;
  Graph graph("g");
  graph.add("a", source(1, calls)).add("b", source(2, calls));
  const auto set = [&](Json a, Json b) {
    const std::vector<std::pair<std::string, Json>> settings{{"a.value", std::move(a)}, {"b.value", std::move(b)}};
    graph.set(settings);
  };
  EXPECT_THAT(refusal_of([&] { set(7, "much"); }), HasSubstr("cannot set 'b.value'"));
  EXPECT_EQ(graph.node("a").stage->config(), Json({{"value", 1.0}}));
  set(7, 8);
  EXPECT_EQ(graph.node("a").stage->config(), Json({{"value", 7.0}}));
  EXPECT_EQ(graph.node("b").stage->config(), Json({{"value", 8.0}}));
}

TEST(Pipeline, AStageThatTakesNoInputCanOnlyBeFirst) {
  Calls calls;
  Pipeline chain("p");
  chain.add("a", source(1, calls)).add("b", source(2, calls));
  EXPECT_THAT(refusal_of([&] { static_cast<void>(chain.run()); }),
              HasSubstr("node 'b' (test.source) takes 0 inputs but needs 1"));
}

TEST(Pipeline, IsAStageOfAnotherPipeline) {
  Calls calls;
  Pipeline inner("inner");
  inner.add("double", add(1, calls)).add("triple", add(2, calls));
  Pipeline outer("outer");
  outer.add("start", source(1, calls)).add("middle", inner).add("end", add(10, calls));
  const RunResult result = outer.run();
  EXPECT_EQ(result.get<Number>().value, 14);
  EXPECT_THAT(calls.take(), ElementsAre("start", "middle/double", "middle/triple", "end"));
  EXPECT_EQ(result.metrics().at("outer.middle/triple.value"), 4);
  EXPECT_EQ(result.get<Number>("middle").value, 4);
}

TEST(Pipeline, MayBeRepeatedWithinItself) {
  Calls calls;
  Pipeline trips("trips");
  trips.add("gain", add(1, calls)).add("loss", add(2, calls));
  trips.add("second", trips).add("third", trips);
  EXPECT_THAT(ids(trips.graph().ordered()), ElementsAre("gain", "loss", "second/gain", "second/loss", "third/gain",
                                                        "third/loss", "third/second/gain", "third/second/loss"));
  EXPECT_EQ(trips.run({.input = StateCodec<Number>::encode(Number{0})}).get<Number>().value, 12);
}

struct Amplifier : Stage<testing::NumberConfig, Number, Number> {
  static constexpr std::string_view kName = "lab.amplifier";
  static constexpr std::string_view kVersion = "3";
  using Stage::Stage;
  Number run(const Number& in, StageContext&) const { return {in.value * config().value}; }
};

TEST(StageRegistry, UnknownStagesGetTheNearestName) {
  StageRegistry registry;
  registry.add<Amplifier>();
  EXPECT_THAT(refusal_of([&] { static_cast<void>(registry.make("lab.amplifer", {})); }),
              HasSubstr("did you mean 'lab.amplifier'?"));
  EXPECT_THAT(refusal_of([&] { registry.add<Amplifier>(); }), HasSubstr("already registered"));
  const StagePtr stage = registry.make("lab.amplifier", {{"value", 3}});
  EXPECT_EQ(stage->version(), "3");
  Pipeline chain("p");
  chain.add("amplifier", stage);
  EXPECT_EQ(chain.run({.input = StateCodec<Number>::encode(Number{2})}).get<Number>().value, 6);
}

}  // namespace
}  // namespace neve
