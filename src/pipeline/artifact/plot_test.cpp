#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <neve/base/error.hpp>
#include <neve/pipeline/artifact.hpp>
#include <neve/pipeline/plot.hpp>

#include "pipeline/artifact/gnuplot.hpp"
#include "support/refusal.hpp"

namespace neve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<double> ramp(std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<double>(i);
  return values;
}

TEST(Decimate, LeavesSmallPlotsAsTheyAre) {
  const Plot plot = decimate({.title = "t", .lines = {{.label = "l", .x = {1, 2, 3}, .y = {4, std::nan(""), 6}}}});
  EXPECT_THAT(plot.lines[0].x, ElementsAre(1, 2, 3));
  EXPECT_EQ(plot.lines[0].y[2], 6);
}

TEST(Decimate, KeepsExtremesAndEndsOfLongLines) {
  Line line{.x = ramp(100'003), .y = std::vector<double>(100'003, 1.0)};
  line.y[31'234] = 50;
  line.y[77'777] = -50;
  line.y[5] = std::nan("");
  const Line kept = decimate({.lines = {line}}).lines[0];
  EXPECT_LE(kept.x.size(), kPlotLinePoints);
  EXPECT_EQ(kept.x.front(), 0);
  EXPECT_EQ(kept.x.back(), 100'002);
  EXPECT_TRUE(std::is_sorted(kept.x.begin(), kept.x.end()));
  const auto high = std::max_element(kept.y.begin(), kept.y.end());
  EXPECT_EQ(*high, 50);
  EXPECT_EQ(kept.x[static_cast<std::size_t>(high - kept.y.begin())], 31'234);
  EXPECT_EQ(*std::min_element(kept.y.begin(), kept.y.end()), -50);
}

TEST(Decimate, AStretchOfNothingStaysAGap) {
  Line line{.x = ramp(50'000), .y = std::vector<double>(50'000, 1.0)};
  std::fill(line.y.begin() + 10'000, line.y.begin() + 20'000, std::nan(""));
  const Line kept = decimate({.lines = {line}}).lines[0];
  EXPECT_TRUE(std::any_of(kept.y.begin(), kept.y.end(), [](double y) { return std::isnan(y); }));
}

TEST(Decimate, KeepsPeaksOfLargeMapsAndTheirExtent) {
  HeatMap map{.x = ramp(3000), .y = ramp(1000), .z = std::vector<float>(3'000'000, 0.5F)};
  map.z[777 * 3000 + 2222] = 9;
  const HeatMap kept = decimate({.map = map}).map.value();
  EXPECT_EQ(kept.x.size(), kPlotMapWidth);
  EXPECT_EQ(kept.y.size(), kPlotMapHeight);
  const std::size_t peak = static_cast<std::size_t>(std::max_element(kept.z.begin(), kept.z.end()) - kept.z.begin());
  EXPECT_EQ(kept.z[peak], 9);
  EXPECT_NEAR(kept.x[peak % kept.x.size()], 2222, 3);
  EXPECT_NEAR(kept.y[peak / kept.x.size()], 777, 2);
  const double cell = kept.x[1] - kept.x[0];
  EXPECT_NEAR(kept.x.front() - cell / 2, -0.5, 1e-9);
  EXPECT_NEAR(kept.x.back() + cell / 2, 2999.5, 1e-9);
}

TEST(Decimate, RefusesWhatDoesNotFit) {
  const auto message = [](const Plot& plot) { return refusal_of([&] { static_cast<void>(decimate(plot)); }); };
  EXPECT_THAT(message({}), HasSubstr("neither a line nor a map"));
  EXPECT_THAT(message({.lines = {{.label = "p", .x = {1, 2}, .y = {1}}}}),
              HasSubstr("line 0 ('p') has 2 x values and 1 y"));
  EXPECT_THAT(message({.map = HeatMap{.x = {0, 1, 4}, .y = {0, 1}, .z = std::vector<float>(6)}}),
              HasSubstr("x axis is not ascending"));
  EXPECT_THAT(message({.map = HeatMap{.x = {0, 1}, .y = {0, 1}, .z = std::vector<float>(3)}}),
              HasSubstr("2 rows of 2"));
  EXPECT_THAT(
      message({.y = {.scale = Scale::log}, .map = HeatMap{.x = {0, 1}, .y = {1, 2}, .z = std::vector<float>(4)}}),
      HasSubstr("axes of a map are linear"));
}

TEST(PlotCodec, ReadsBackWhatItWrote) {
  const Plot plot{.title = "Evolution",
                  .x = {.label = "λ", .unit = "nm", .range = {{400, 1600}}},
                  .y = {.label = "z", .unit = "m"},
                  .color = {.label = "S", .scale = Scale::db, .range = {{-40, 0}}},
                  .lines = {{.label = "ZDW", .x = {780, 780}, .y = {0, 0.15}}},
                  .map = HeatMap{.x = {0, 1, 2}, .y = {0, 1}, .z = {1, 2, 3, 4, 5, 6}}};
  const EncodedPlot encoded = encode_plot(plot);
  const Plot back = decode_plot(parse_json(dump_spaced_json(encoded.description)), encoded.arrays);
  const EncodedPlot again = encode_plot(back);
  EXPECT_EQ(again.description, encoded.description);
  EXPECT_EQ(again.arrays, encoded.arrays);
  EXPECT_EQ(back.color.range, plot.color.range);
  EXPECT_EQ(encoded.arrays.at("map.z").shape(), (Shape{2, 3}));
}

TEST(PlotCodec, DamagedPlotsAreCorrupt) {
  const EncodedPlot encoded = encode_plot({.lines = {{.x = {1}, .y = {1}}}});
  const auto code_of = [](const Json& description, const ArrayMap& arrays) {
    try {
      static_cast<void>(decode_plot(description, arrays));
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  EXPECT_EQ(code_of({}, encoded.arrays), ErrorCode::corrupt);
  EXPECT_EQ(code_of(encoded.description, {}), ErrorCode::corrupt);
  Json other = encoded.description;
  other["x"]["scale"] = "cubic";
  EXPECT_EQ(code_of(other, encoded.arrays), ErrorCode::corrupt);
}

TEST(Gnuplot, TextCannotLeaveItsQuotes) {
  const GnuplotInput input = make_gnuplot_input(
      {.title = "x'; system('touch /tmp/owned'); '\n`id`", .x = {.label = "it's"}, .lines = {{.x = {1}, .y = {1}}}});
  EXPECT_THAT(input.script, HasSubstr("set title 'x''; system(''touch /tmp/owned''); '' `id`'\n"));
  EXPECT_THAT(input.script, HasSubstr("set xlabel 'it''s'\n"));
  EXPECT_THAT(input.script, HasSubstr("noenhanced"));
}

TEST(Gnuplot, DecibelsAreRelativeToTheLargestValue) {
  const GnuplotInput input =
      make_gnuplot_input({.y = {.label = "P", .scale = Scale::db}, .lines = {{.x = {0, 1, 2}, .y = {10, 1, 0}}}});
  const std::vector<std::byte>& data = input.files.at("line0.bin");
  ASSERT_EQ(data.size(), 48U);
  const auto* const values = reinterpret_cast<const double*>(data.data());
  EXPECT_EQ(values[1], 0);
  EXPECT_DOUBLE_EQ(values[3], -10);
  EXPECT_LT(values[5], -500);
  EXPECT_THAT(input.script, HasSubstr("set ylabel 'P (dB)'"));
  EXPECT_THAT(input.script, HasSubstr("set yrange [-60:0]"));
}

// A spectrum in dB always reaches the top, where the legend would stand. Lines on a map are white, and need it under
// them.
TEST(Gnuplot, LegendStandsOutsideWhereCurvesAre) {
  const Line line{.label = "in", .x = {0, 1}, .y = {0, 1}};
  EXPECT_THAT(make_gnuplot_input({.lines = {line}}).script, HasSubstr("set key outside"));
  const HeatMap map{.x = {0, 1}, .y = {0, 1}, .z = {0, 1, 2, 3}};
  EXPECT_THAT(make_gnuplot_input({.lines = {line}, .map = map}).script, Not(HasSubstr("set key outside")));
}

TEST(Gnuplot, AMissingProgramIsNamed) {
  try {
    static_cast<void>(draw_png({.lines = {{.x = {1}, .y = {1}}}}, "no-such-gnuplot", "/tmp", std::chrono::hours(1)));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_THAT(error.what(), HasSubstr("'no-such-gnuplot' is not installed"));
  }
}

TEST(ArtifactPreview, SaysWhatTheContentIs) {
  const Json array = make_artifact("a", Array::from(std::vector<double>{3, std::nan(""), -1})).preview;
  EXPECT_EQ(array.at("dtype"), "float64");
  EXPECT_EQ(array.at("shape"), Json({3}));
  EXPECT_EQ(array.at("min"), -1);
  EXPECT_EQ(array.at("max"), 3);
  const Json document = make_artifact("d", Json{{"text", std::string(1000, 'x')}}).preview;
  EXPECT_EQ(document.at("bytes"), 1011);
  EXPECT_EQ(document.at("text").get<std::string>().size(), 240U);
  EXPECT_THROW(static_cast<void>(make_artifact("../up", Json(1))), Error);
}

}  // namespace
}  // namespace neve
