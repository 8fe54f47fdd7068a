#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include <neve/base/error.hpp>

#include "pipeline/test_stages.hpp"

namespace neve {
namespace {

using testing::action;
using testing::add;
using testing::Calls;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Number;
using testing::RecordingCache;
using testing::source;
using testing::two_stages;

/// A source with a picture, an array, a document and a metric.
StagePtr rich_source(Calls& calls) {
  return make_stage("test.rich", "1", NoConfig{}, [&calls](const NoConfig&, StageContext& context) {
    calls.add(context.node());
    context.metric("energy_j", 1.5);
    context.metric("loss", std::numeric_limits<double>::infinity());
    context.plot("curve", Plot{.title = "T", .x = {.label = "t", .unit = "s"}, .lines = {{.x = {0, 1}, .y = {2, 3}}}});
    context.save("trace", Array::from(std::vector<double>{1, 2, 3}));
    context.save("fit", Json{{"slope", 2}});
    State state{.meta = {{"dt", 0.5}}, .arrays = {}};
    state.arrays.emplace("field", Array::from(std::vector<float>{1, 2, 3, 4}, {2, 2}));
    state.arrays.emplace("artifact.odd", Array::from(std::vector<double>{7}));
    return state;
  });
}

TEST(Run, SecondRunFindsEverything) {
  Calls calls;
  RecordingCache cache;
  const Pipeline chain = two_stages(calls);
  EXPECT_EQ(chain.run({.cache = &cache}).get<Number>().value, 3);
  EXPECT_THAT(calls.take(), ElementsAre("a", "b"));
  const RunResult warm = chain.run({.cache = &cache});
  EXPECT_EQ(warm.get<Number>().value, 3);
  EXPECT_THAT(calls.take(), IsEmpty());
  EXPECT_EQ(warm.report.totals().outcomes.at("hit"), 2U);
}

TEST(Run, WithoutACacheEverythingIsComputed) {
  Calls calls;
  const Pipeline chain = two_stages(calls);
  static_cast<void>(chain.run());
  const RunResult again = chain.run();
  EXPECT_EQ(calls.count(), 4U);
  EXPECT_EQ(again.at("a").provenance.cache.reason, "no cache");
  EXPECT_EQ(again.report.stages[0].outcome, StageOutcome::uncached);
  EXPECT_FALSE(again.report.stages[0].uncacheable);
}

TEST(Run, AHitReturnsEverythingTheMissReturned) {
  Calls calls;
  RecordingCache cache;
  Pipeline chain("p");
  chain.add("rich", rich_source(calls));
  const StageResult miss = chain.run({.cache = &cache}).at("rich");
  const StageResult hit = chain.run({.cache = &cache}).at("rich");
  ASSERT_EQ(calls.count(), 1U);
  EXPECT_EQ(hit.state, miss.state);
  EXPECT_EQ(hit.metrics, miss.metrics);
  ASSERT_EQ(hit.artifacts.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(hit.artifacts[i].name, miss.artifacts[i].name);
    EXPECT_EQ(hit.artifacts[i].document, miss.artifacts[i].document);
    EXPECT_EQ(hit.artifacts[i].arrays, miss.artifacts[i].arrays);
    EXPECT_EQ(hit.artifacts[i].preview, miss.artifacts[i].preview);
  }
  EXPECT_EQ(hit.artifact("fit").json(), Json({{"slope", 2}}));
  EXPECT_EQ(hit.artifact("curve").plot().lines[0].y, (std::vector<double>{2, 3}));
  EXPECT_EQ(hit.provenance.output_hash, miss.provenance.output_hash);
}

TEST(Run, TwoRunsStoreIdenticalBytes) {
  Calls calls;
  RecordingCache first, second;
  Pipeline chain("p");
  chain.add("rich", rich_source(calls))
      .add("next", make_stage("test.count", "1", NoConfig{}, [](const NoConfig&, const State& in, StageContext&) {
             return Number{static_cast<double>(in.arrays.size())};
           }));
  static_cast<void>(chain.run({.cache = &first}));
  static_cast<void>(chain.run({.cache = &second, .capacity = {.cpu = 3}}));
  EXPECT_EQ(first.bytes.size(), 2U);
  EXPECT_EQ(first.bytes, second.bytes);
}

TEST(Run, ProvenanceSaysWhereAResultComesFrom) {
  Calls calls;
  RecordingCache cache;
  const Pipeline chain = two_stages(calls);
  const Json policy = {{"tolerance", 1e-6}};
  const Provenance miss = chain.run({.cache = &cache, .policy = policy}).at("b").provenance;
  const RunResult warm = chain.run({.cache = &cache, .policy = policy});
  const Provenance hit = warm.at("b").provenance;
  EXPECT_EQ(miss.op_name, "test.add");
  EXPECT_EQ(miss.version, "1");
  EXPECT_EQ(miss.config_hash->size(), 64U);
  EXPECT_EQ(miss.policy_hash->size(), 64U);
  EXPECT_EQ(miss.dep_hashes.at("a"), warm.at("a").provenance.output_hash);
  EXPECT_EQ(miss.cache.backend, "memory");
  EXPECT_EQ(miss.cache.reason, "absent");
  EXPECT_FALSE(miss.cache.hit);
  EXPECT_EQ(miss.attempts, 1U);
  EXPECT_TRUE(hit.cache.hit);
  EXPECT_EQ(hit.cache.reason, "");
  EXPECT_EQ(hit.attempts, 0U);
  EXPECT_EQ(hit.cache.key, miss.cache.key);
  EXPECT_EQ(hit.output_hash, miss.output_hash);
  for (const Provenance& provenance : {miss, hit}) {
    EXPECT_GE(provenance.wall_time_s, 0);
    EXPECT_GE(provenance.compute_s, 0);
    EXPECT_GE(provenance.cache.lookup_s, 0);
    EXPECT_GE(provenance.cache.store_s, 0);
    EXPECT_EQ(provenance.to_json().at("cache").size(), 6U);
  }
}

TEST(Run, NothingOfARunsProvenanceIsStored) {
  Calls calls;
  RecordingCache cache;
  static_cast<void>(two_stages(calls).run({.cache = &cache}));
  for (const auto& [key, bytes] : cache.bytes) {
    for (const char* const word : {"wall_time", "lookup_s", "store_s", "compute_s", "backend", "\"hit\""}) {
      EXPECT_EQ(bytes.find(word), std::string::npos) << word;
    }
  }
}

TEST(Run, RecipesHoldTheReadableIngredients) {
  Calls calls;
  RecordingCache cache;
  static_cast<void>(two_stages(calls).run({.cache = &cache, .policy = {{"tolerance", 0.5}}}));
  ASSERT_EQ(cache.recipes.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(KeyRecipe::from_json(parse_json(cache.recipes[i])).key().key().text(), cache.keys[i]);
  }
  EXPECT_THAT(cache.recipes[1], HasSubstr("tolerance"));
}

TEST(Run, AStatesMetadataAreAnObject) {
  RecordingCache cache;
  Pipeline chain("p");
  chain.add("null", make_stage("test.meta", "1", testing::NumberConfig{},
                               [](const testing::NumberConfig& config, StageContext&) {
                                 return State{.meta = config.value == 0 ? Json() : Json(5), .arrays = {}};
                               }));
  static_cast<void>(chain.run({.cache = &cache}));
  EXPECT_EQ(chain.run({.cache = &cache}).report.stages[0].outcome, StageOutcome::hit);
  chain.set("null.value", 1);
  EXPECT_THAT(chain.try_run().failures.at(0).message, HasSubstr("metadata of the state must be an object, not number"));
}

TEST(Run, CachingCanBeSwitchedOffForOneStage) {
  Calls calls;
  RecordingCache cache;
  Pipeline chain("p");
  chain.add("a", source(1, calls), {.caching = Caching::off}).add("b", add(1, calls));
  static_cast<void>(chain.run({.cache = &cache}));
  const RunResult again = chain.run({.cache = &cache});
  EXPECT_THAT(calls.take(), ElementsAre("a", "b", "a"));
  EXPECT_FALSE(again.report.stages[0].uncacheable);
  EXPECT_EQ(again.report.stages[1].outcome, StageOutcome::hit);
}

TEST(Run, AWarmRunHashesNoState) {
  Calls calls;
  RecordingCache cache;
  Pipeline chain("p");
  chain.add("big", make_stage("test.big", "1", NoConfig{}, [](const NoConfig&, StageContext&) {
              State state;
              state.arrays.emplace("x", Array::from(std::vector<double>(1000, 1.0)));
              return state;
            }));
  const RunResult cold = chain.run({.cache = &cache});
  // The digest comes from the entry: change it there, and the warm run must believe it.
  Entry entry = *cache.lookup(Key(cache.keys[0]), {}).entry;
  entry.meta["output_hash"] = "believed";
  cache.store(Key(cache.keys[0]), entry, {});
  EXPECT_EQ(chain.run({.cache = &cache}).at("big").provenance.output_hash, "believed");
}

TEST(Run, IntermediateStatesAreLetGoWhenOnlyTheOutputIsKept) {
  Calls calls;
  const Pipeline chain = two_stages(calls);
  const RunResult output = chain.run({.keep = KeepStates::output});
  EXPECT_TRUE(output.at("a").state.meta.empty());
  EXPECT_EQ(output.get<Number>().value, 3);
  EXPECT_EQ(output.at("a").metrics.at("value"), 1);
  EXPECT_TRUE(chain.run({.keep = KeepStates::none}).at("b").state.meta.empty());
}

TEST(Run, ArtifactsAreLetGoWhenTheyAreNotKept) {
  class Names final : public Recorder {
   public:
    [[nodiscard]] ArtifactReference record(const ArtifactAddress& address, const Artifact& artifact) override {
      const std::lock_guard lock(mutex);
      names.insert(address.node + "/" + artifact.name);
      return {};
    }
    std::mutex mutex;
    std::set<std::string> names;
  };
  Calls calls;
  RecordingCache cache;
  Pipeline chain("p");
  chain
      .add("a", action([](StageContext& context) {
             context.save("note", Json("kept elsewhere"));
             return Number{1};
           }))
      .add("b", add(2, calls));
  for (int i = 0; i < 2; ++i) {  // computed, then found
    Names names;
    const RunResult result = chain.run({.cache = &cache, .recorder = &names, .keep_artifacts = KeepArtifacts::none});
    EXPECT_THAT(result.at("a").artifacts, ::testing::IsEmpty());
    EXPECT_THAT(names.names, ElementsAre("a/note"));
    EXPECT_EQ(result.get<Number>("a").value, 1);
  }
  EXPECT_EQ(chain.run({.cache = &cache}).at("a").artifact("note").json(), "kept elsewhere");
}

TEST(Run, UnknownStagesOfAResultGetTheNearestName) {
  Calls calls;
  const RunResult result = two_stages(calls).run();
  EXPECT_THROW(static_cast<void>(result.at("c")), Error);
  EXPECT_EQ(result.metrics(), (Metrics{{"p.a.value", 1}, {"p.b.value", 3}}));
}

TEST(Run, AStateThatWasNotKeptIsNotAnEmptyOne) {
  Calls calls;
  RecordingCache cache;
  const Pipeline chain = two_stages(calls);
  for (int i = 0; i < 2; ++i) {  // computed, then found
    const RunResult result = chain.run({.cache = &cache, .keep = KeepStates::output});
    for (const auto& get : {+[](const RunResult& r) { (void)r.get<Number>("a"); },
                            +[](const RunResult& r) { (void)r.get<State>("a"); }}) {
      try {
        get(result);
        FAIL() << "there is no such state";
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("the state of 'a' was not kept"));
      }
    }
  }
}

TEST(Run, MetricsOfTwoStagesNeverShareAName) {
  const auto with_metric = [](const char* name, double value) {
    return action([name, value](StageContext& context) {
      context.metric(name, value);
      return Number{value};
    });
  };
  Graph graph("g");
  graph.add("a", with_metric("b.c", 1)).add("a.b", with_metric("c", 2)).add("d", with_metric("e", 3));
  const RunResult result = run(graph);
  EXPECT_EQ(result.metrics(), (Metrics{{"g.a.b.c (a)", 1}, {"g.a.b.c (a.b)", 2}, {"g.d.e", 3}}));
  const SweepTable table = run_sweep(graph, Sweep()).table();
  EXPECT_THAT(table.columns, ElementsAre("point", "a.b.c (a)", "a.b.c (a.b)", "d.e"));
  EXPECT_EQ(table.rows.at(0), (std::vector<Json>{0, 1.0, 2.0, 3.0}));
}

}  // namespace
}  // namespace neve
