#include <neve/pipeline/pipeline_file.hpp>

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "support/refusal.hpp"

namespace neve {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kFile = R"(name: sc
policy: {precision: double}
stages:
  source: {uses: optics.pulse, with: {n: 4}}
  fiber:
    uses: optics.fiber
    needs: source
    with:
      length_m: 0.15
      grid: {points: 64}
    timeout: 10m
    retries: 2
    slots: {cpu: 2, memory: 1GiB}
  fit:
    run: python3 fit.py
    needs: [fiber, source]
    inputs: fit.py
    env: [MODE]
    version: 3
    with: {order: 3}
sweep: {fiber.length_m: 0:1:5}
)";

PipelineFile parse(std::string_view text = kFile) { return parse_pipeline_file(text, "f.yaml"); }

/// The sample with one piece of text replaced by another.
std::string with(std::string_view before, std::string_view after) {
  std::string text = kFile;
  const std::size_t at = text.find(before);
  EXPECT_NE(at, std::string::npos) << before;
  return text.replace(at, before.size(), after);
}

std::string refusal_of_text(const std::string& text) {
  return refusal_of([&] { (void)parse(text); });
}

TEST(PipelineFile, HoldsWhatTheTextSays) {
  const PipelineFile file = parse();
  EXPECT_EQ(file.name.text, "sc");
  EXPECT_EQ(file.policy.values, Json({{"precision", "double"}}));
  ASSERT_EQ(file.stages.size(), 3U);
  const StageSpec& fiber = file.stages[1];
  EXPECT_EQ(fiber.uses->text, "optics.fiber");
  EXPECT_EQ(fiber.needs.at(0).text, "source");
  EXPECT_EQ(fiber.timeout->count(), 600);
  EXPECT_EQ(fiber.retries, 2U);
  EXPECT_EQ(fiber.slots.at("memory"), std::uint64_t{1} << 30);
  EXPECT_EQ(fiber.with.place_of("/grid/points").text, "f.yaml:10:14");
  EXPECT_EQ(fiber.with.place_of("/grid/unheard_of").text, "f.yaml:10:7");
  const StageSpec& fit = file.stages[2];
  EXPECT_EQ(fit.run->place.text, "f.yaml:15:10");
  EXPECT_EQ(fit.version, "3");
  EXPECT_EQ(fit.env.at(0).text, "MODE");
}

TEST(PipelineFile, IsCalledAfterTheFileUnlessItHasAName) {
  EXPECT_EQ(parse_pipeline_file("stages: {a: {run: x}}", "dir/abc.yaml").name.text, "abc");
}

struct Fault {
  const char* before;
  const char* after;
  const char* message;
};

class FaultyFile : public testing::TestWithParam<Fault> {};

TEST_P(FaultyFile, IsRefusedWithPlaceAndRemedy) {
  EXPECT_EQ(refusal_of_text(with(GetParam().before, GetParam().after)), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, FaultyFile,
    testing::Values(
        Fault{"needs: source", "neds: source",
              "f.yaml:7:5: unknown field 'neds' of stage 'fiber' (did you mean 'needs'?)"},
        Fault{"policy", "polcy", "f.yaml:2:1: unknown field 'polcy' of the pipeline file (did you mean 'policy'?)"},
        Fault{"10m", "fast",
              "f.yaml:11:14: 'timeout' of stage 'fiber' must be a duration above zero such as 90s, 15m or 6h, not "
              "'fast'"},
        Fault{"10m", "0",
              "f.yaml:11:14: 'timeout' of stage 'fiber' must be a duration above zero such as 90s, 15m or 6h, not '0'"},
        Fault{"retries: 2", "cached: no", "f.yaml:12:13: 'cached' of stage 'fiber' must be true or false, not 'no'"},
        Fault{"retries: 2", "retries: -1",
              "f.yaml:12:14: 'retries' of stage 'fiber' must be a whole number from 0 to 100, not '-1'"},
        Fault{"1GiB", "[1]",
              "f.yaml:13:29: 'memory' of the slots of stage 'fiber' must be a size such as 1GiB, not a list"},
        Fault{"cpu: 2", "cp: 2",
              "f.yaml:13:13: unknown field 'cp' of the slots of stage 'fiber' (did you mean 'cpu'?)"},
        Fault{"needs: source", "needs: sorce",
              "f.yaml:7:12: stage 'fiber' needs 'sorce', which is not a stage of this file (did you mean 'source'?)"},
        Fault{"needs: source", "needs: fit",
              "f.yaml:16:13: the stages need each other in a cycle: fiber needs fit needs fiber"},
        Fault{"needs: source", "needs: fiber", "f.yaml:7:12: the stages need each other in a cycle: fiber needs fiber"},
        Fault{"needs: source", "needs: [source, source]", "f.yaml:7:21: stage 'fiber' needs 'source' twice"},
        Fault{"needs: source", "needs: {a: b}",
              "f.yaml:7:12: 'needs' of stage 'fiber' must be a name or a list of names, not a mapping"},
        Fault{"uses: optics.fiber", "version: 2",
              "f.yaml:5:3: stage 'fiber' has neither 'uses' (a compiled stage) nor 'run' (a command)"},
        Fault{"uses: optics.fiber", "uses: a\n    run: b",
              "f.yaml:7:10: stage 'fiber' has both 'uses' and 'run'; it must have one of them"},
        Fault{"uses: optics.fiber", "run: ''",
              "f.yaml:6:10: 'run' of stage 'fiber' must be a command, not an empty text"},
        Fault{"uses: optics.fiber", "run: '  '",
              "f.yaml:6:10: 'run' of stage 'fiber' must be a command, not an empty text"},
        Fault{"uses: optics.fiber", "uses: [a]", "f.yaml:6:11: 'uses' of stage 'fiber' must be text, not a list"},
        Fault{"env: [MODE]", "env: A, B",
              "f.yaml:18:10: 'A, B' is not the name of an environment variable; several names are a list: [A, B]"},
        Fault{"env: [MODE]", "env: [A, MODE=1]",
              "f.yaml:18:14: 'MODE=1' is not the name of an environment variable; give the name alone, its value is "
              "the environment's"},
        Fault{"env: [MODE]", "env: $MODE",
              "f.yaml:18:10: '$MODE' is not the name of an environment variable; give the name alone, its value is the "
              "environment's"},
        Fault{"    env: [MODE]",
              "    env:", "f.yaml:18:5: 'env' of stage 'fit' must be a name or a list of names, not nothing"},
        Fault{"timeout: 10m", "inputs: x",
              "f.yaml:11:13: 'inputs' of stage 'fiber' belongs to commands ('run'); a compiled stage knows its own"},
        Fault{"{n: 4}", "[4]",
              "f.yaml:4:38: 'with' of stage 'source' must be a mapping of names to values, not a list"},
        Fault{"  fiber:\n", "  my fiber:\n",
              "f.yaml:5:3: 'my fiber' is not a stage name; use up to 64 letters, digits, '_' and '-'\n"
              "f.yaml:16:13: stage 'fit' needs 'fiber', which is not a stage of this file (known: source, my fiber, "
              "fit)"},
        Fault{"{uses: optics.pulse, with: {n: 4}}", "optics.pulse",
              "f.yaml:4:11: stage 'source' must be a mapping of fields (uses, run, ...), not 'optics.pulse'"},
        Fault{"0:1:5", "0.5",
              "f.yaml:21:25: 'fiber.length_m' of the pipeline file must be a list of values, or start:stop:count, not "
              "'0.5'"},
        Fault{"0:1:5", "0:1:1", "f.yaml:21:25: the count of start:stop:count must be a whole number from 2 to 100000"},
        Fault{"0:1:5", "[]", "f.yaml:21:25: the sweep of 'fiber.length_m' has no values"},
        Fault{"{fiber.length_m", "{fibre.length_m", "f.yaml:21:9: no stage 'fibre' in f.yaml (did you mean 'fiber'?)"},
        Fault{"{fiber.length_m", "{fiber", "f.yaml:21:9: 'fiber' must have the form stage.key"},
        Fault{"{fiber.length_m", "{fit.odrer",
              "f.yaml:21:9: unknown field 'odrer' of stage 'fit' (did you mean 'order'?); a command's fields are those "
              "its 'with' declares"}));

TEST(PipelineFile, TellsAllMistakesAtOnce) {
  EXPECT_EQ(refusal_of_text(R"(polcy: {}
stages:
  a: {rnu: x, retires: 2}
  my b: {run: x, needs: [c, d], timeout: soon, slots: {cpus: 1, gpu: x}}
  c: {run: x, needs: bb, env: $A}
sweep: {a.x: [1]}
)"),
            "f.yaml:1:1: unknown field 'polcy' of the pipeline file (did you mean 'policy'?)\n"
            "f.yaml:3:7: unknown field 'rnu' of stage 'a' (did you mean 'run'?)\n"
            "f.yaml:3:15: unknown field 'retires' of stage 'a' (did you mean 'retries'?)\n"
            "f.yaml:4:3: 'my b' is not a stage name; use up to 64 letters, digits, '_' and '-'\n"
            "f.yaml:4:29: stage 'my b' needs 'd', which is not a stage of this file (did you mean 'a'?)\n"
            "f.yaml:4:42: 'timeout' of stage 'my b' must be a duration above zero such as 90s, 15m or 6h, not 'soon'\n"
            "f.yaml:4:56: unknown field 'cpus' of the slots of stage 'my b' (did you mean 'cpu'?)\n"
            "f.yaml:4:70: 'gpu' of the slots of stage 'my b' must be a whole number of slots, not 'x'\n"
            "f.yaml:5:22: stage 'c' needs 'bb', which is not a stage of this file (known: a, my b, c)\n"
            "f.yaml:5:31: '$A' is not the name of an environment variable; give the name alone, its value is the "
            "environment's");
  EXPECT_EQ(refusal_of_text("stages: {a: {run: x, with: {n: 1}}}\nsweep: {b.n: [1], a.m: [1], a.n: 1}"),
            "f.yaml:2:9: no stage 'b' in f.yaml (did you mean 'a'?)\n"
            "f.yaml:2:19: unknown field 'm' of stage 'a' (did you mean 'n'?); a command's fields are those its 'with' "
            "declares\n"
            "f.yaml:2:34: 'a.n' of the pipeline file must be a list of values, or start:stop:count, not '1'");
}

TEST(PipelineFile, TellsMistakesInTheOrderOfTheirPlacesWhateverTheFileIsCalled) {
  constexpr std::string_view kText = "stages:\n  a: {run: x, needs: b}\n  c: {rnu: x}\n";
  EXPECT_EQ(refusal_of([&] { (void)parse_pipeline_file(kText, "run: 2.yaml"); }),
            "run: 2.yaml:2:22: stage 'a' needs 'b', which is not a stage of this file (did you mean 'a'?)\n"
            "run: 2.yaml:3:7: unknown field 'rnu' of stage 'c' (did you mean 'run'?)");
}

TEST(PipelineFile, TellsTheFirstTwentyMistakes) {
  std::string text = "stages: {a: {run: x}}\n";
  for (int i = 0; i < 25; ++i) text += "x" + std::to_string(i) + ": 1\n";
  const std::string refusal = refusal_of_text(text);
  EXPECT_EQ(std::count(refusal.begin(), refusal.end(), '\n'), 20);
  EXPECT_THAT(refusal, EndsWith("\nand 5 more"));
}

TEST(PipelineFile, NeedsStages) {
  EXPECT_THAT(refusal_of_text("name: x"), HasSubstr("'stages' is missing"));
  EXPECT_THAT(refusal_of_text("stages: {}"), HasSubstr("'stages' is empty"));
  EXPECT_THAT(refusal_of_text("stages:"), HasSubstr("must be a mapping of stage names to stages, not nothing"));
  EXPECT_THAT(refusal_of_text("- a"), HasSubstr("must be a mapping"));
}

TEST(PipelineFile, AMissingFileIsSaidToBeMissing) {
  EXPECT_EQ(refusal_of([] { (void)read_pipeline_file("/nowhere/f.yaml"); }), "/nowhere/f.yaml: no such file");
  EXPECT_EQ(refusal_of([] { (void)read_pipeline_file("/"); }), "/: a folder; name a file");
  EXPECT_EQ(refusal_of([] { (void)read_points("/"); }), "/: a folder; name a file");
}

TEST(Settings, ReplaceAndAddValuesByTheRulesOfTheFile) {
  PipelineFile file = parse();
  apply_setting(file, "fiber.length_m=2");
  apply_setting(file, "fiber.grid.points=[1, 2.0]");
  apply_setting(file, "source.shape=\"12\"");
  EXPECT_EQ(file.stages[1].with.values, Json({{"length_m", 2}, {"grid", {{"points", {1, 2.0}}}}}));
  EXPECT_EQ(file.stages[0].with.values.at("shape"), "12");
  EXPECT_EQ(file.stages[1].with.place_of("/length_m").text, "--set fiber.length_m=2");
}

TEST(Settings, SayWhatIsWrongWithThem) {
  PipelineFile file = parse();
  const auto refusal = [&](const char* setting) { return refusal_of([&] { apply_setting(file, setting); }); };
  EXPECT_EQ(refusal("fiber.length_m"), "--set fiber.length_m: must have the form stage.key=value");
  EXPECT_EQ(refusal("fiber=1"), "--set fiber=1: 'fiber' must have the form stage.key");
  EXPECT_EQ(refusal("fibre.x=1"), "--set fibre.x=1: no stage 'fibre' in f.yaml (did you mean 'fiber'?)");
  EXPECT_THAT(refusal("fit.odrer=1"), HasSubstr("did you mean 'order'?"));
  EXPECT_THAT(refusal("fiber.length_m.x=1"), HasSubstr("inside something that is not a mapping"));
  EXPECT_THAT(refusal("fiber.a..b=1"), HasSubstr("empty name"));
  EXPECT_THAT(refusal("fiber.x=[1"), HasSubstr("--set fiber.x=[1:1:1: the bracket that begins here is not closed"));
  EXPECT_EQ(refusal("fiber.length_m="),
            "--set fiber.length_m=: has no value; is a variable unset that was to hold it? An empty text is written "
            "'\"\"'");
  apply_setting(file, "fiber.length_m=\"\"");
  EXPECT_EQ(file.stages[1].with.values.at("length_m"), "");
}

TEST(Sweeps, TakeListsAndRanges) {
  PipelineFile file = parse();
  EXPECT_THAT(file.sweep.at(0).values, ElementsAre(0.0, 0.25, 0.5, 0.75, 1.0));
  apply_sweep(file, "fiber.length_m=1,2.5,\"x\",[1]");
  ASSERT_EQ(file.sweep.size(), 1U);
  EXPECT_THAT(file.sweep[0].values, ElementsAre(Json(1), Json(2.5), Json("x"), Json({1})));
  apply_sweep(file, "fit.order=1:5:3");
  ASSERT_EQ(file.sweep.size(), 2U);
  EXPECT_THAT(file.sweep[1].values, ElementsAre(1, 3, 5));
  EXPECT_TRUE(file.sweep[1].values[0].is_number_integer());
}

TEST(Sweeps, ARangeWithoutItsCountIsNoText) {
  PipelineFile file = parse();
  const auto refusal = [&](const char* sweep) { return refusal_of([&] { apply_sweep(file, sweep); }); };
  EXPECT_EQ(refusal("fit.order=1:5"),
            "--sweep fit.order=1:5: a range is start:stop:count, such as 0:1:5, without brackets; a single text is "
            "quoted: '\"1:5\"'");
  EXPECT_THAT(refusal("fit.order=[0:1:5]"), HasSubstr("0:1:5, without brackets"));
  EXPECT_THAT(refusal("fit.order=0:1:5:2"), HasSubstr("start:stop:count"));
  for (const char* misspelt : {"fit.order=0.1:x:3", "fit.order=0:1:5s", "fit.order=O:1:5", "fit.order=0::5"})
    EXPECT_THAT(refusal(misspelt), HasSubstr("start:stop:count")) << misspelt;
  EXPECT_THAT(refusal_of_text(with("0:1:5", "[0:1:5]")), HasSubstr("f.yaml:21:25: a range is start:stop:count"));
  EXPECT_EQ(parse(with("0:1:5", "['0:1:5']")).sweep.at(0).values.at(0), "0:1:5");
  EXPECT_EQ(parse(with("0:1:5", "[12:30:pm]")).sweep.at(0).values.at(0), "12:30:pm") << "a list was meant";
  for (const char* texts : {"fit.order=\"1:5\"", "fit.order=10:30,11:30", "fit.order=a:5", "fit.order=[\"1:5\"]",
                            "fit.order=12:30:pm,1:2:x", "fit.order=lamp:1:x", "fit.order=\"0:1:x\"",
                            "fit.order=[10:30,1:2]", "fit.order=2024-05-01T10:30:00", "fit.order=[12:30:pm]"}) {
    apply_sweep(file, texts);
    EXPECT_FALSE(file.sweep.at(1).values.at(0).is_number()) << texts;
  }
}

TEST(Settings, AreNotReplacedByASweepOfTheFileThatHoldsThem) {
  const char* const text = "stages: {a: {run: x, with: {deep: {k: 0, j: 9}}}}\nsweep: {a.deep: [{k: 1, j: 1}]}";
  PipelineFile file = parse_pipeline_file(text, "f.yaml");
  EXPECT_THAT(refusal_of([&] { apply_setting(file, "a.deep.k=3"); }), HasSubstr("the sweep of 'a.deep' at f.yaml:2:"));
  apply_setting(file, "a.deep={k: 5, j: 5}");
  EXPECT_TRUE(file.sweep.empty());
}

TEST(Sweeps, RangesAreThoseOfNumpy) {
  PipelineFile file = parse();
  apply_sweep(file, "fiber.length_m=0.1:0.9:8");
  // numpy.linspace(0.1, 0.9, 8).tolist()
  EXPECT_THAT(file.sweep[0].values, ElementsAre(0.1, 0.2142857142857143, 0.3285714285714286, 0.44285714285714284,
                                                0.5571428571428572, 0.6714285714285715, 0.7857142857142857, 0.9));
}

TEST(KeepUntil, LeavesAStageAndWhatItNeeds) {
  PipelineFile file = parse();
  keep_until(file, "source", "--until");
  ASSERT_EQ(file.stages.size(), 1U);
  EXPECT_EQ(file.stages[0].name.text, "source");
  EXPECT_TRUE(file.sweep.empty());
}

TEST(KeepUntil, RefusesToLeaveOutASweepThatWasAskedFor) {
  PipelineFile file = parse();
  apply_sweep(file, "fit.order=1,2");
  EXPECT_EQ(refusal_of([&] { keep_until(file, "fiber", "--until"); }),
            "--sweep fit.order=1,2: stage 'fit' is not run: 'fiber' does not need it");
  keep_until(file, "fit", "--until");
  EXPECT_EQ(file.sweep.size(), 2U);
}

}  // namespace
}  // namespace neve
