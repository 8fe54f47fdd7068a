#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include <neve/base/error.hpp>

#include "pipeline/test_stages.hpp"
#include "support/refusal.hpp"

namespace neve {
namespace {

using testing::add;
using testing::Calls;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Number;
using testing::RecordingCache;
using testing::source;

Graph chain_of(Calls& calls) {
  Graph graph("g");
  graph.add("a", source(1, calls)).add("b", add(2, calls), {"a"}).add("c", add(3, calls), {"b"});
  return graph;
}

std::vector<std::string> labels(const Sweep& sweep) {
  std::vector<std::string> result;
  for (const SweepPoint& point : sweep.points()) result.push_back(point.label);
  return result;
}

TEST(Sweep, DimensionsMultiplyAndZippedPathsMoveTogether) {
  Sweep sweep;
  sweep.over("a.value", {1, 2}).together({{"b.value", {10.5, 20}}, {"c.value", {"x", "y"}}});
  EXPECT_THAT(labels(sweep), ElementsAre("a.value=1, b.value=10.5, c.value=x", "a.value=1, b.value=20, c.value=y",
                                         "a.value=2, b.value=10.5, c.value=x", "a.value=2, b.value=20, c.value=y"));
}

TEST(Sweep, RefusesWhatCannotBeCombined) {
  const auto message = [](const auto& act) { return refusal_of([&] { act(); }); };
  EXPECT_THAT(message([] { Sweep().over("a.x", {}); }), HasSubstr("'a.x' has no values"));
  EXPECT_THAT(message([] { Sweep().over("a.x", {1}).over("a.x", {2}); }), HasSubstr("'a.x' is varied twice"));
  EXPECT_THAT(message([] {
                Sweep().together({{"a.x", {1, 2}}, {"b.x", {1}}});
              }),
              HasSubstr("'b.x' has 1 values and 'a.x' has 2"));
}

TEST(Sweep, MorePointsThanAMachineHoldsAreRefusedBeforeTheyAreMade) {
  Sweep sweep;
  for (const char* path : {"a.x", "a.y", "a.z", "b.x"}) sweep.over(path, std::vector<Json>(100'000, 1));
  const std::string message = refusal_of([&] { (void)sweep.points(); }, ErrorCode::too_large);
  EXPECT_THAT(message, HasSubstr("more than 1000000 points"));
  EXPECT_THAT(message, HasSubstr("100000 x 100000 x 100000 x 100000"));
}

TEST(Sweep, SharesWhatIsNotAffectedEvenWithoutACache) {
  Calls calls;
  const SweepResult result = run_sweep(chain_of(calls), Sweep().over("c.value", {10, 20, 30}));
  ASSERT_TRUE(result.ok());
  std::vector<std::string> told;
  for (const StageReport& stage : result.report.stages) told.push_back(stage.node + " " + stage.label);
  EXPECT_THAT(told, ElementsAre("a ", "b ", "c c.value=10", "c c.value=20", "c c.value=30"));
  std::vector<std::string> order = calls.take();
  std::sort(order.begin(), order.end());
  EXPECT_THAT(order, ElementsAre("a", "b", "c", "c", "c"));
  ASSERT_EQ(result.runs.size(), 3U);
  EXPECT_EQ(result.runs[0].result.get<Number>().value, 13);
  EXPECT_EQ(result.runs[2].result.get<Number>().value, 33);
  EXPECT_EQ(result.runs[2].result.get<Number>("b").value, 3);
  EXPECT_EQ(result.report.stages.size(), 5U);
  EXPECT_EQ(result.runs[0].result.report.stages.size(), 3U);
  EXPECT_EQ(result.runs[1].result.report.stages.size(), 1U);
}

TEST(Sweep, FindsWhatAnOrdinaryRunStored) {
  Calls calls;
  RecordingCache cache;
  static_cast<void>(run(chain_of(calls), {.cache = &cache}));
  static_cast<void>(calls.take());
  const SweepResult result = run_sweep(chain_of(calls), Sweep().over("c.value", {3, 4}), {.cache = &cache});
  EXPECT_THAT(calls.take(), ElementsAre("c"));
  EXPECT_EQ(result.report.totals().outcomes.at("hit"), 3U);
}

TEST(Sweep, EqualStatesFromDifferentSettingsAreComputedOnceDownstream) {
  Calls calls;
  RecordingCache cache;
  Graph graph("g");
  graph.add("x", source(1, calls));
  graph.add(
      "sign",
      make_stage("test.sign", "1", NoConfig{},
                 [](const NoConfig&, const Number& in, StageContext&) { return Number{in.value > 0 ? 1.0 : -1.0}; }),
      {"x"});
  graph.add("end", add(1, calls), {"sign"});
  const SweepResult result = run_sweep(graph, Sweep().over("x.value", {1, 2, 3, 4}), {.cache = &cache});
  ASSERT_TRUE(result.ok());
  const std::vector<std::string> ran = calls.take();
  EXPECT_EQ(std::count(ran.begin(), ran.end(), "end"), 1);
}

struct RangeConfig {
  double from = 0;
  double to = 1;

  static auto fields() {
    return neve::fields<RangeConfig>(neve::field("from", &RangeConfig::from), neve::field("to", &RangeConfig::to))
        .check([](const RangeConfig& config) { return config.from < config.to; }, "must have from below to");
  }
};

TEST(Sweep, SettingsOfAPointNeedBeValidTogetherOnly) {
  Graph graph("g");
  graph.add("a", make_stage("test.range", "1", RangeConfig{},
                            [](const RangeConfig& config, StageContext&) { return Number{config.to - config.from}; }));
  const SweepResult result = run_sweep(graph, Sweep().together({{"a.from", {5, 7}}, {"a.to", {6, 9}}}));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.runs.at(1).result.at("a").state.meta, Json({{"value", 2.0}}));
  EXPECT_EQ(refusal_of([&] {
              (void)run_sweep(graph, Sweep().over("a.from", {5}).over("a.to", {6, 4}));
            }),
            "pipeline 'g': cannot set 'a.from', 'a.to': the config must have from below to");
}

TEST(Sweep, TableHasSettingsAgainstMetrics) {
  Calls calls;
  const SweepResult result = run_sweep(chain_of(calls), Sweep().over("a.value", {1, 2.5}).over("c.value", {0}));
  const SweepTable table = result.table();
  EXPECT_THAT(table.columns,
              ElementsAre("point", "a.value", "c.value", "a.value (result)", "b.value", "c.value (result)"));
  EXPECT_EQ(table.to_csv(),
            "point,a.value,c.value,a.value (result),b.value,c.value (result)\r\n"
            "0,1,0,1.0,3.0,3.0\r\n"
            "1,2.5,0,2.5,4.5,4.5\r\n");
}

TEST(Sweep, TableHasNoFormulas) {
  const SweepTable table{.columns = {"point", "-a.tag"}, .rows = {{0, "=1+1"}, {1, -2.5}, {2, "@x,y"}}};
  EXPECT_EQ(table.to_csv(), "point,'-a.tag\r\n0,'=1+1\r\n1,-2.5\r\n2,\"'@x,y\"\r\n");
}

TEST(Sweep, LongTablesAreWrittenInPieces) {
  SweepTable table{.columns = {"point", "text"}, .rows = {}};
  for (int i = 0; i < 5000; ++i) table.rows.push_back({i, std::string(40, 'x')});
  std::string whole;
  std::size_t largest = 0;
  table.write_csv([&](std::string_view piece) {
    whole += piece;
    largest = std::max(largest, piece.size());
  });
  EXPECT_EQ(whole, table.to_csv());
  EXPECT_LT(largest, whole.size() / 2);
}

TEST(Sweep, TheObserverHearsOfTheEndBeforeTheRunsAreTaken) {
  struct Ends final : RunObserver {
    void run_finished(const RunReport& /*report*/) override { ++count; }
    int count = 0;
  };
  Calls calls;
  Ends ends;
  RunOptions options;
  options.observer = &ends;
  const auto take = [](const SweepRun&) { throw std::runtime_error("no room"); };
  EXPECT_THROW(static_cast<void>(run_sweep(chain_of(calls), Sweep().over("c.value", {1}), options, take)),
               std::runtime_error);
  EXPECT_EQ(ends.count, 1);
}

TEST(Sweep, AFailedPointLeavesTheOthersAlone) {
  Calls calls;
  Graph graph("g");
  graph.add("a", make_stage("test.picky", "1", testing::NumberConfig{},
                            [](const testing::NumberConfig& config, StageContext& context) {
                              if (config.value < 0) throw std::runtime_error("negative");
                              context.metric("root", config.value);
                              return Number{config.value};
                            }));
  graph.add("b", add(1, calls), {"a"});
  const SweepResult result = run_sweep(graph, Sweep().over("a.value", {1, -1, 2}));
  EXPECT_FALSE(result.ok());
  EXPECT_TRUE(result.runs[0].result.ok() && result.runs[2].result.ok());
  const StageFailure& failure = result.runs[1].result.failures.at(0);
  EXPECT_EQ(failure.label, "a.value=-1");
  EXPECT_EQ(failure.message, "pipeline 'g', stage 'a' [a.value=-1]: negative");
  EXPECT_TRUE(result.table().rows[1].back().is_null());
}

TEST(Sweep, WrongPathsFailBeforeAnythingRuns) {
  Calls calls;
  EXPECT_THROW(static_cast<void>(run_sweep(chain_of(calls), Sweep().over("c.vlue", {1}))), Error);
  EXPECT_EQ(calls.count(), 0U);
}

TEST(Sweep, ArtifactsGoToTheFolderOfTheirPoint) {
  class Folders final : public Recorder {
   public:
    [[nodiscard]] ArtifactReference record(const ArtifactAddress& address, const Artifact& artifact) override {
      const std::lock_guard lock(mutex);
      files.push_back(address.folder + "/" + address.node + "/" + artifact.name);
      return {};
    }
    std::mutex mutex;
    std::vector<std::string> files;
  };
  Folders recorder;
  Calls calls;
  const auto saves = [](const testing::NumberConfig& config, StageContext& context) {
    context.save("x", Json(config.value));
    return Number{config.value};
  };
  Graph graph("g");
  graph.add("same", make_stage("test.s", "1", testing::NumberConfig{}, saves))
      .add("varied", make_stage("test.s", "1", testing::NumberConfig{}, saves));
  static_cast<void>(run_sweep(graph, Sweep().over("varied.value", {1, 2}), {.recorder = &recorder}));
  std::sort(recorder.files.begin(), recorder.files.end());
  EXPECT_THAT(recorder.files, ElementsAre("g/point-0/varied/x", "g/point-1/varied/x", "g/same/x"));
}

TEST(Sweep, RunsCanBeTakenOneByOne) {
  Calls calls;
  Graph graph("g");
  graph.add("a", make_stage("test.picky", "1", testing::NumberConfig{},
                            [](const testing::NumberConfig& config, StageContext& context) {
                              if (config.value < 0) throw std::runtime_error("negative");
                              if (config.value > 1) context.metric("root", config.value);
                              return Number{config.value};
                            }));
  graph.add("b", add(1, calls), {"a"});
  const Sweep sweep = Sweep().over("a.value", {-1, 1, 2, 3});
  const SweepResult whole = run_sweep(graph, sweep);
  SweepTableMaker table;
  std::vector<std::string> failures;
  const RunReport report = run_sweep(graph, sweep, {}, [&](const SweepRun& run) {
    table.add(run);
    for (const StageFailure& failure : run.result.failures) failures.push_back(failure.label);
  });
  EXPECT_EQ(table.take().to_csv(), whole.table().to_csv());
  EXPECT_EQ(whole.table().to_csv(),
            "point,a.value,a.root,b.value\r\n0,-1,,\r\n1,1,,2.0\r\n2,2,2.0,3.0\r\n3,3,3.0,4.0\r\n");
  EXPECT_THAT(failures, ElementsAre("a.value=-1"));
  ASSERT_EQ(report.stages.size(), 8U);
  EXPECT_EQ(report.stages.at(1).outcome, StageOutcome::skipped);
  EXPECT_EQ(report.stages.at(1).reason, "'a' did not succeed");
}

TEST(Sweep, OfManyPointsOnlyThoseUnderWayAreHeld) {
  const auto held = std::make_shared<int>();  // by every stage
  std::vector<long> counts;
  Graph graph("g");
  graph.add("a", make_stage("test.held", "1", testing::NumberConfig{},
                            [held, &counts](const testing::NumberConfig& config, StageContext&) {
                              counts.push_back(held.use_count());
                              return Number{config.value};
                            }));
  std::vector<Json> values;
  for (int i = 0; i < 100; ++i) values.emplace_back(i);
  (void)run_sweep(graph, Sweep().over("a.value", values), {.capacity = {.cpu = 1}}, [](const SweepRun&) {});
  ASSERT_EQ(counts.size(), 100U);
  EXPECT_LT(counts.back(), counts.front() - 90);
}

struct NestedConfig {
  testing::NumberConfig in;
  static auto fields() { return neve::fields<NestedConfig>(neve::field("in", &NestedConfig::in)); }
};

TEST(Sweep, APathWithinAnotherIsRefused) {
  Calls calls;
  Graph graph("g");
  graph.add("n", make_stage("test.nested", "1", NestedConfig{}, [&calls](const NestedConfig& c, StageContext&) {
              calls.add("n");
              return Number{c.in.value};
            }));
  try {
    (void)run_sweep(graph, Sweep().over("n.in.value", {3, 4}).over("n.in", {Json{{"value", 1}}}));
    FAIL() << "one of the axes would not count";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("varies 'n.in.value' and also 'n.in'"));
  }
  EXPECT_EQ(calls.count(), 0U);
  Graph dotted("g");  // one path begins like the other, and they speak of two nodes
  dotted.add("n", source(1, calls)).add("n.value", source(2, calls));
  EXPECT_TRUE(run_sweep(dotted, Sweep().over("n.value", {1}).over("n.value.value", {2})).ok());
}

TEST(Sweep, TakesAnyListOfNumbers) {
  const std::vector<double> lengths{0.5, 1.5};
  EXPECT_THAT(labels(Sweep().over("a.x", lengths)), ElementsAre("a.x=0.5", "a.x=1.5"));
  EXPECT_THAT(labels(Sweep().over("a.x", std::vector<bool>{true})), ElementsAre("a.x=true"));
  EXPECT_THAT(labels(Sweep().over("a.x", Json{1, 2})), ElementsAre("a.x=1", "a.x=2"));
}

}  // namespace
}  // namespace neve
