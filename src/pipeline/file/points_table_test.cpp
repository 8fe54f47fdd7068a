// Sweeps whose settings move together: steps of a pipeline file, and tables of points.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/pipeline/pipeline_file.hpp>

#include "support/refusal.hpp"

namespace neve {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

const char* const kStages = "stages: {a: {run: x, with: {n: 0, m: 0}}, b: {run: x, with: {n: 0}}}\n";

PipelineFile file_with(const std::string& sweep = "") { return parse_pipeline_file(kStages + sweep, "f.yaml"); }

std::vector<std::string> points_of(const PipelineFile& file) {
  std::vector<std::string> labels;
  const Graph graph = make_graph(file, {}, {});
  for (const SweepPoint& point : make_sweep(file, graph).points()) labels.push_back(point.label);
  return labels;
}

std::string refusal_of_points(std::string_view text) {
  return refusal_of([&] {
    PipelineFile file = file_with();
    apply_points(file, parse_points(text, "p.csv"));
  });
}

TEST(SweepTogether, OfAListOfMappingsEachIsADimension) {
  EXPECT_THAT(
      points_of(file_with("sweep:\n  - {a.n: [1, 2], a.m: 10:20:2}\n  - b.n: [7, 8]\n")),
      ElementsAre("a.n=1, a.m=10, b.n=7", "a.n=1, a.m=10, b.n=8", "a.n=2, a.m=20, b.n=7", "a.n=2, a.m=20, b.n=8"));
}

TEST(SweepTogether, UnlikeCountsAndSettingsSweptTwiceAreRefusedAtTheirPlace) {
  EXPECT_EQ(refusal_of([] { (void)file_with("sweep: [{a.n: [1, 2], a.m: [1]}]"); }),
            "f.yaml:2:23: 'a.m' has 1 value and 'a.n' has 2; what moves together has as many of each");
  EXPECT_EQ(refusal_of([] { (void)file_with("sweep: [{a.n: [1, 2]}, {a.n: [1]}]"); }),
            "f.yaml:2:25: 'a.n' is swept at f.yaml:2:10 already");
  EXPECT_EQ(
      refusal_of([] { (void)file_with("sweep: [a.n]"); }),
      "f.yaml:2:9: 'sweep' of the pipeline file must be a mapping of stage.key to a list of values, or a list of such "
      "mappings, not 'a.n'");
}

TEST(SweepTogether, ASettingGivenAnewLeavesTheOthersOfItsStep) {
  const auto file = [] { return file_with("sweep: [{a.n: [1, 2], a.m: [10, 20]}]"); };
  PipelineFile set = file();
  apply_setting(set, "a.n=5");
  EXPECT_THAT(points_of(set), ElementsAre("a.m=10", "a.m=20"));
  PipelineFile swept = file();
  apply_sweep(swept, "a.n=3,4");
  EXPECT_THAT(points_of(swept), ElementsAre("a.m=10, a.n=3", "a.m=10, a.n=4", "a.m=20, a.n=3", "a.m=20, a.n=4"));
  PipelineFile together = file();
  apply_together(together, {"a.n=3,4", "b.n=5,6"});
  EXPECT_THAT(points_of(together), ElementsAre("a.m=10, a.n=3, b.n=5", "a.m=10, a.n=4, b.n=6", "a.m=20, a.n=3, b.n=5",
                                               "a.m=20, a.n=4, b.n=6"));
}

TEST(PointsTable, EveryLineIsAPoint) {
  PipelineFile file = file_with("sweep: {a.n: [100, 200, 300]}");
  apply_points(file, parse_points("a.n, b.n\n1,0.5\n\n# a remark\n 2 , \"two, or so\" \n", "p.csv"));
  EXPECT_THAT(points_of(file), ElementsAre("a.n=1, b.n=0.5", "a.n=2, b.n=two, or so"));
}

TEST(PointsTable, OtherProgramsTablesAreRead) {
  // As numpy.savetxt(..., delimiter=",", header="a.n,b.n"), pandas and a spreadsheet write them.
  for (const char* text :
       {"# a.n,b.n\n1.000000000000000056e-01,2.000000000000000000e+00\n", "\"a.n\",\"b.n\"\n0.1,2.0\n",
        "\xEF\xBB\xBF"
        "a.n,b.n\r\n0.1,2.0\r\n"}) {
    PipelineFile file = file_with();
    apply_points(file, parse_points(text, "p.csv"));
    EXPECT_THAT(points_of(file), ElementsAre("a.n=0.1, b.n=2")) << text;
  }
}

TEST(PointsTable, WhatIsNoneIsRefusedByLine) {
  EXPECT_THAT(refusal_of_points(""), StartsWith("p.csv: a table of points without a line"));
  EXPECT_THAT(refusal_of_points("a.n\n"),
              StartsWith("p.csv: a table of points has a line for each, and this has none"));
  EXPECT_EQ(
      refusal_of_points("a.n;b.n\n1;2\n"),
      "p.csv:1: 'a.n;b.n' is no setting; the first line of a table of points names them as stage.key, with commas "
      "between them");
  EXPECT_THAT(refusal_of_points("0.1,0.2\n"), StartsWith("p.csv:1: '0.1' is no setting"));
  EXPECT_EQ(refusal_of_points("a.n,b.n\n1,2\n\n3\n"),
            "p.csv:4: 1 value for 2 settings; a line has one for each (nothing is written null)");
  EXPECT_THAT(refusal_of_points("a.n,b.n\n1,,2\n"), StartsWith("p.csv:2"));
  EXPECT_EQ(refusal_of_points("a.n,a.n\n1,2\n"), "p.csv:1: 'a.n' is swept at p.csv:1 already");
  EXPECT_THAT(refusal_of_points("a.k\n1\n"), StartsWith("p.csv:1: unknown field 'k' of stage 'a'"));
  EXPECT_EQ(refusal_of_points("a.n,b.n\n1,2\n3,nan\n"),
            "p.csv:3: 'nan' among the numbers of 'b.n' would be a text; what is no number or infinite is written .nan, "
            ".inf or -.inf, and a text in quotes");
  EXPECT_THAT(refusal_of_points("a.n\n-inf\n1\n"), StartsWith("p.csv:2: '-inf' among the numbers"));
  EXPECT_EQ(parse_points("a.n\nnan\ninf\n", "p.csv").at(0).values.at(1), "inf") << "a text among texts";
  EXPECT_EQ(parse_points("a.n\n1\n\"nan\"\n", "p.csv").at(0).values.at(1), "nan") << "said to be a text";
  std::string many = "a.n\n";
  for (int i = 0; i <= 100'000; ++i) many += "1\n";
  EXPECT_EQ(refusal_of([&] { (void)parse_points(many, "p.csv"); }, ErrorCode::too_large),
            "p.csv:100002: more than 100000 points");
}

TEST(PointsTable, WholeNumbersAreWrittenByNumpyWithDecimals) {
  const auto swept = [](std::string_view values) {
    PipelineFile file = parse_pipeline_file("stages: {a: {run: x, with: {n: 1, m: 0.5}}, c: {uses: s}}", "f.yaml");
    apply_points(file, parse_points("a.n,a.m,c.k\n" + std::string(values), "p.csv"));
    std::vector<std::string> printed;
    for (const SweepAxis& axis : file.sweep) printed.push_back(Json(axis.values).dump());
    return printed;
  };
  EXPECT_THAT(swept("8.192e+03,1.0e+00,2.0e+00\n2.0,4.0,3\n"), ElementsAre("[8192,2]", "[1.0,4.0]", "[2,3]"));
  EXPECT_THAT(swept("1.0,1,1.0\n2.5,2,null\n"), ElementsAre("[1.0,2.5]", "[1,2]", "[1,null]"));
  EXPECT_THAT(swept("1e300,1,-9007199254740993.0\n"), ElementsAre("[1e+300]", "[1]", "[-9.007199254740992e+15]"));
  EXPECT_THAT(swept("-0.0,1,0.0\n"), ElementsAre("[-0.0]", "[1]", "[0]"));
}

}  // namespace
}  // namespace neve
