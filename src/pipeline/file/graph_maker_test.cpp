#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/key/config.hpp>
#include <neve/pipeline/pipeline_file.hpp>
#include <neve/pipeline/run.hpp>

#include "support/refusal.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct RampConfig {
  double scale = 1;
  std::vector<double> offsets;

  static auto fields() {
    return neve::fields<RampConfig>(neve::field("scale", &RampConfig::scale).above(0),
                                    neve::field("offsets", &RampConfig::offsets));
  }
};

struct Ramp : Stage<RampConfig, State> {
  static constexpr std::string_view kName = "test.ramp";
  static constexpr std::string_view kVersion = "1";
  using Stage::Stage;
  State run(StageContext& context) const {
    context.metric("scale", config().scale);
    return {Json{{"scale", config().scale}}, {}};
  }
};

struct PowerConfig {
  std::optional<double> power;
  std::optional<double> energy;

  static auto fields() {
    return neve::fields<PowerConfig>(neve::field("power", &PowerConfig::power).above(0),
                                     neve::field("energy", &PowerConfig::energy).above(0))
        .check([](const PowerConfig& config) { return config.power.has_value() != config.energy.has_value(); },
               "must give exactly one of power and energy");
  }
};

struct Source : Stage<PowerConfig, State> {
  static constexpr std::string_view kName = "test.source";
  static constexpr std::string_view kVersion = "1";
  using Stage::Stage;
  State run(StageContext&) const { return {}; }
};

struct GridConfig {
  std::int64_t points = 0;

  static auto fields() { return neve::fields<GridConfig>(neve::field("points", &GridConfig::points).required()); }
};

struct SolverConfig {
  GridConfig grid;

  static auto fields() { return neve::fields<SolverConfig>(neve::field("grid", &SolverConfig::grid).required()); }
};

struct Solver : Stage<SolverConfig, State> {
  static constexpr std::string_view kName = "test.solver";
  static constexpr std::string_view kVersion = "1";
  using Stage::Stage;
  State run(StageContext&) const { return {}; }
};

struct Pass : Stage<NoConfig, State, State> {
  static constexpr std::string_view kName = "test.pass";
  static constexpr std::string_view kVersion = "1";
  using Stage::Stage;
  State run(const State& in, StageContext&) const { return in; }
};

class GraphMaker : public testing::Test {
 protected:
  GraphMaker() {
    registry_.add<Ramp>().add<Pass>().add<Source>().add<Solver>();
    commands_.folder = folder_.path();
    commands_.environment = {{"PATH", "/usr/bin:/bin"}};
    commands_.temporary_folder = folder_.path();
  }

  Graph make(const std::string& text) { return make_graph(parse_pipeline_file(text, "f.yaml"), registry_, commands_); }
  std::string refusal(const std::string& text) {
    return refusal_of([&] { (void)make(text); });
  }

  TemporaryFolder folder_;
  StageRegistry registry_;
  CommandSurroundings commands_;
};

TEST_F(GraphMaker, TellsTheMistakesOfAllStagesAtOnce) {
  EXPECT_EQ(refusal(R"(
stages:
  a: {uses: test.ramp, with: {scael: 2, offset: [1]}}
  b: {uses: test.pas, needs: a}
  c: {run: x, inputs: gone.py}
  d: {uses: test.ramp, with: {scale: -1}}
)"),
            "f.yaml:3:31: unknown field 'scael' of stage 'a' (did you mean 'scale'?)\n"
            "f.yaml:3:41: unknown field 'offset' of stage 'a' (did you mean 'offsets'?)\n"
            "f.yaml:4:13: unknown stage 'test.pas' (did you mean 'test.pass'?)\n"
            "f.yaml:5:23: the input 'gone.py' matches no file in the folder of the pipeline file\n"
            "f.yaml:6:31: field 'scale' of stage 'd' must be above 0, got -1.0");
}

TEST_F(GraphMaker, TellsTheMistakesOfFlagsInTheirOrder) {
  PipelineFile file = parse_pipeline_file("stages: {a: {uses: test.ramp}}", "f.yaml");
  apply_sweep(file, "a.y=5:6:3");
  apply_sweep(file, "a.x=1:2:3");
  EXPECT_THAT(refusal_of([&] { (void)make_graph(file, registry_, commands_); }), StartsWith("--sweep a.y=5:6:3: "));
}

TEST_F(GraphMaker, RunsCompiledStagesAndCommandsTogether) {
  const Graph graph = make(R"(
stages:
  a: {uses: test.ramp, with: {scale: 2}}
  b: {run: 'cp "$NEVE_INPUT_DIR/a/state.json" "$NEVE_OUTPUT_DIR"', needs: a}
  c: {uses: test.pass, needs: b}
)");
  const RunResult result = run(graph);
  EXPECT_EQ(result.at("c").state.meta, Json({{"scale", 2.0}}));
}

TEST_F(GraphMaker, NeedsNoSurroundings) {
  const std::string file = (folder_.path() / "f.yaml").string();
  std::ofstream(folder_.path() / "data") << "x";
  const std::string text = "stages: {a: {run: 'echo {} > \"$NEVE_OUTPUT_DIR/state.json\"', inputs: data}}";
  EXPECT_TRUE(try_run(make_graph(parse_pipeline_file(text, file), registry_, {})).ok());
}

TEST_F(GraphMaker, NamesThePlaceAndTheNearestName) {
  EXPECT_EQ(refusal("stages:\n  a: {uses: test.rmap}"),
            "f.yaml:2:13: unknown stage 'test.rmap' (did you mean 'test.ramp'?)");
  EXPECT_EQ(refusal("stages:\n  a:\n    uses: test.ramp\n    with:\n      scael: 2"),
            "f.yaml:5:7: unknown field 'scael' of stage 'a' (did you mean 'scale'?)");
  EXPECT_THAT(refusal("stages:\n  a:\n    uses: test.ramp\n    with: {scale: big}"),
              StartsWith("f.yaml:4:12: field 'scale' of stage 'a' "));
  EXPECT_THAT(refusal("stages:\n  a:\n    uses: test.ramp\n    with: {scale: -1}"), HasSubstr("above 0"));
  EXPECT_THAT(refusal("stages:\n  a:\n    uses: test.ramp\n    with:\n      offsets: [1,\n        x]"),
              StartsWith("f.yaml:6:9: field 'offsets[1]' of stage 'a' "));
}

TEST_F(GraphMaker, CountsTheNeedsOfCompiledStages) {
  EXPECT_EQ(refusal("stages:\n  a: {uses: test.pass}"), "f.yaml:2:3: stage 'a' (test.pass) must need 1 stage, not 0");
  EXPECT_EQ(refusal("stages:\n  a: {uses: test.ramp}\n  b: {uses: test.ramp, needs: a}"),
            "f.yaml:3:31: stage 'b' (test.ramp) must need 0 stages, not 1");
}

TEST_F(GraphMaker, InputFilesMustBeThere) {
  EXPECT_EQ(refusal("stages:\n  a:\n    run: python3 fit.py\n    inputs:\n      - fit.py"),
            "f.yaml:5:9: the input 'fit.py' matches no file in the folder of the pipeline file");
}

TEST_F(GraphMaker, PutsWhatIsNoPartOfTheKeyOnTheNode) {
  const Graph graph = make(
      "stages: {a: {run: x, timeout: 90s, retries: 2, slots: {cpu: 3, gpu: 1, memory: 1KiB}, "
      "cached: false}, b: {run: x, cached: true}}");
  EXPECT_EQ(graph.node("a").options.caching, Caching::off);
  EXPECT_EQ(graph.node("b").options.caching, Caching::on);
  const Requirements requirements = graph.node("a").requirements();
  EXPECT_EQ(requirements.timeout, std::chrono::seconds(90));
  EXPECT_EQ(requirements.retry.attempts, 3U);
  EXPECT_EQ(requirements.slots.cpu, 3U);
  EXPECT_EQ(requirements.slots.gpu, 1U);
  EXPECT_EQ(requirements.slots.memory_bytes, 1024U);
}

TEST_F(GraphMaker, SweepValuesAreTriedBeforeAnythingRuns) {
  PipelineFile file = parse_pipeline_file("stages: {a: {uses: test.ramp}, b: {run: x, with: {n: 1}}}", "f.yaml");
  apply_sweep(file, "a.scale=1,-2");
  const Graph graph = make_graph(file, registry_, commands_);
  EXPECT_THAT(refusal_of([&] { (void)make_sweep(file, graph); }), StartsWith("--sweep a.scale=1,-2: "));
  apply_sweep(file, "a.scale=1,2");
  apply_sweep(file, "b.n=1,2,3");
  EXPECT_EQ(make_sweep(file, graph).points().size(), 6U);
  apply_points(file, parse_points("a.scale,b.n\n3,4\n-2,5\n", "p.csv"));
  EXPECT_THAT(refusal_of([&] { (void)make_sweep(file, graph); }), StartsWith("p.csv:3: "));
  apply_points(file, parse_points("b.n,a.scale\n5,4\n6,-2\n", "q.csv"));
  apply_sweep(file, "b.n=1,2");  // leaves the other column of the table
  EXPECT_THAT(refusal_of([&] { (void)make_sweep(file, graph); }), StartsWith("q.csv:3: "));
}

TEST_F(GraphMaker, WhatASweepSetsNeedNotBeInTheFile) {
  PipelineFile file = parse_pipeline_file("stages: {a: {uses: test.source}}", "f.yaml");
  const auto points = [&] { return make_sweep(file, make_graph(file, registry_, commands_)).points().size(); };
  const std::string missing = "f.yaml:1:13: the config of stage 'a' must give exactly one of power and energy";
  EXPECT_EQ(refusal_of([&] { (void)points(); }), missing);
  apply_sweep(file, "a.power=1,2");
  EXPECT_EQ(points(), 2U);
  apply_points(file, parse_points("a.power\n-3\n4\n", "p.csv"));
  EXPECT_THAT(refusal_of([&] { (void)points(); }), StartsWith("p.csv:2: field 'power' of stage 'a' "));
  apply_points(file, parse_points("a.power,a.energy\n3,null\nnull,4\n5,6\n", "p.csv"));
  EXPECT_THAT(refusal_of([&] { (void)points(); }), StartsWith("p.csv:4: "));
}

TEST_F(GraphMaker, NorNeedAValueWithinAGroupOfFields) {
  PipelineFile file = parse_pipeline_file("stages: {a: {uses: test.solver}}", "f.yaml");
  apply_sweep(file, "a.grid.points=64,128");
  const Graph graph = make_graph(file, registry_, commands_);
  EXPECT_EQ(make_sweep(file, graph).points().size(), 2U);
  EXPECT_EQ(graph.nodes()[0].stage->config()["grid"]["points"], 64);
  apply_sweep(file, "a.grid.points=x");
  EXPECT_THAT(refusal_of([&] { (void)make_graph(file, registry_, commands_); }),
              AllOf(StartsWith("--sweep a.grid.points=x: "), HasSubstr("'grid.points'")));
  PipelineFile within = parse_pipeline_file("stages: {a: {uses: test.solver, with: {grid: 3}}}", "f.yaml");
  apply_sweep(within, "a.grid.points=64");
  EXPECT_THAT(refusal_of([&] { (void)make_graph(within, registry_, commands_); }), HasSubstr("is not a mapping"));
}

TEST_F(GraphMaker, SaysWhatIsOfTheFirstPointOnly) {
  const std::string text = "stages: {a: {uses: test.source}, b: {uses: test.source, with: {power: 3}}, c: {run: x}}";
  PipelineFile file = parse_pipeline_file(text, "f.yaml");
  EXPECT_THAT(settings_of_first_point(file, registry_), IsEmpty());
  apply_sweep(file, "a.power=1,2");
  apply_sweep(file, "b.power=1,2");
  EXPECT_THAT(settings_of_first_point(file, registry_), ElementsAre("a.power"));
}

TEST_F(GraphMaker, AMisspeltSettingOfATableStandsInItsFirstLine) {
  PipelineFile file = parse_pipeline_file("stages: {a: {uses: test.ramp}}", "f.yaml");
  apply_points(file, parse_points("a.scael\n1\n2\n", "p.csv"));
  EXPECT_EQ(refusal_of([&] { (void)make_graph(file, registry_, commands_); }),
            "p.csv:1: unknown field 'scael' of stage 'a' (did you mean 'scale'?)");
}

}  // namespace
}  // namespace neve
