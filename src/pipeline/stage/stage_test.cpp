#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <complex>

#include <neve/base/error.hpp>
#include <neve/base/utf8.hpp>
#include <neve/key/digests.hpp>

#include "pipeline/stage/stage_entry.hpp"
#include "pipeline/test_stages.hpp"
#include "support/refusal.hpp"

namespace neve {
namespace {

using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Number;

struct Pulse {
  std::vector<std::complex<double>> field;
  std::vector<float> weights;
  Array map;
  double dt_s = 0;
  std::int64_t steps = 0;
  bool chirped = false;
  std::string shape;
  std::vector<std::string> notes;
  Json extra;

  static auto state_fields() {
    return std::tuple{state_field("field", &Pulse::field), state_field("weights", &Pulse::weights),
                      state_field("map", &Pulse::map),     state_field("dt_s", &Pulse::dt_s),
                      state_field("steps", &Pulse::steps), state_field("chirped", &Pulse::chirped),
                      state_field("shape", &Pulse::shape), state_field("notes", &Pulse::notes),
                      state_field("extra", &Pulse::extra)};
  }
  friend bool operator==(const Pulse&, const Pulse&) = default;
};

struct Self {
  int value = 0;
  [[nodiscard]] State encode() const { return {.meta = {{"twice", 2 * value}}, .arrays = {}}; }
  [[nodiscard]] static Self decode(const State& state) { return {state.meta.at("twice").get<int>() / 2}; }
};

Pulse example() {
  return {.field = {{1, 2}, {3, -4}},
          .weights = {0.5F},
          .map = Array::from(std::vector<std::int32_t>{1, 2, 3, 4}, {2, 2}),
          .dt_s = 1e-15,
          .steps = 9'007'199'254'740'993,
          .chirped = true,
          .shape = "sech",
          .notes = {"a", "b"},
          .extra = {{"k", nullptr}}};
}

TEST(StateCodec, DeclaredFieldsComeBackAsTheyWere) {
  const State state = StateCodec<Pulse>::encode(example());
  EXPECT_EQ(state.arrays.size(), 3U);
  EXPECT_EQ(state.meta.size(), 6U);
  EXPECT_EQ(StateCodec<Pulse>::decode(state), example());
}

TEST(StateCodec, TypesMayCodeThemselves) {
  EXPECT_EQ(StateCodec<Self>::decode(StateCodec<Self>::encode(Self{21})).value, 21);
}

TEST(StateCodec, NamesWhatIsMissingOrOfTheWrongKind) {
  const auto message = [](const State& state) {
    return refusal_of([&] { static_cast<void>(StateCodec<Pulse>::decode(state)); });
  };
  State state = StateCodec<Pulse>::encode(example());
  state.meta["dt_s"] = "short";
  EXPECT_THAT(message(state), HasSubstr("'dt_s' must be a number, got \"short\""));
  state.meta.erase("dt_s");
  EXPECT_THAT(message(state), HasSubstr("no metadata 'dt_s'"));
  state.arrays.insert_or_assign("weights", Array::from(std::vector<double>{1}));
  EXPECT_THAT(message(state), HasSubstr("float32"));
  state.arrays.insert_or_assign("weights", Array::from(std::vector<float>{1, 2}, {1, 2}));
  EXPECT_THAT(message(state), HasSubstr("'weights' has 2 dimensions"));
  state.arrays.erase("field");
  EXPECT_THAT(message(state), HasSubstr("no array 'field'"));
}

TEST(StateCodec, OtherValuesOfTheLibraryAreRefusedByTheirField) {
  const std::string message =
      refusal_of([] { (void)detail::exact_value<std::pair<int, int>>("metadata", "range", Json::parse("[1]")); });
  EXPECT_THAT(message, HasSubstr("'range' cannot be read as its C++ type"));
}

struct Config1 {
  double gain = 2;
  static auto fields() { return neve::fields<Config1>(neve::field("gain", &Config1::gain).above(0)); }
};

struct Amplifier : Stage<Config1, Number, Number> {
  static constexpr std::string_view kName = "test.amplifier";
  static constexpr std::string_view kVersion = "7";
  using Stage::Stage;
  [[nodiscard]] Requirements requirements() const { return {.slots = {.cpu = 3}}; }
  Number run(const Number& in, StageContext& context) const {
    context.metric("gain", config().gain);
    return {in.value * config().gain};
  }
};

TEST(Stage, RunsByHandInATest) {
  StageContext context;
  EXPECT_EQ(Amplifier(Config1{.gain = 5}).run(Number{3}, context).value, 15);
  EXPECT_EQ(context.metrics().at("gain"), 5);
}

TEST(Stage, ErasedStagesKnowTheirNameConfigAndRequirements) {
  const StagePtr stage = make_stage<Amplifier>({.gain = 4});
  EXPECT_EQ(stage->op_name(), "test.amplifier");
  EXPECT_EQ(stage->version(), "7");
  EXPECT_EQ(stage->config(), Json({{"gain", 4.0}}));
  EXPECT_EQ(stage->input_count(), 1U);
  EXPECT_EQ(stage->requirements().slots.cpu, 3U);
  EXPECT_EQ(stage->config_hash(), config_digest(Json({{"gain", 4.0}})));
  EXPECT_EQ(stage->with_config({{"gain", 1}})->config(), Json({{"gain", 1.0}}));
  EXPECT_THROW(static_cast<void>(stage->with_config({{"gain", -1}})), Error);
  EXPECT_THROW(static_cast<void>(make_stage<Amplifier>({.gain = 0})), Error);
}

TEST(StageContext, PolicyValuesHaveDefaultsAndTypes) {
  const StageContext context({.policy = {{"tolerance", 1e-6}, {"debug", "yes"}}});
  EXPECT_EQ(context.policy("tolerance", 1.0), 1e-6);
  EXPECT_EQ(context.policy("other", 3), 3);
  EXPECT_THROW(static_cast<void>(context.policy("debug", false)), Error);
  EXPECT_EQ(StageContext().policy("tolerance", 2.0), 2.0);
}

/// What a number becomes in a type that cannot hold it would be computed with, and cached.
TEST(StageContext, APolicyThatTheTypeCannotHoldIsRefused) {
  const StageContext context({.policy = {{"half", 0.5},
                                         {"negative", -1},
                                         {"flag", true},
                                         {"large", 5'000'000'000},
                                         {"huge", 1e300},
                                         {"list", {1, 2.5}}}});
  EXPECT_THROW(static_cast<void>(context.policy("half", 10)), Error);
  EXPECT_THROW(static_cast<void>(context.policy("negative", 10U)), Error);
  EXPECT_THROW(static_cast<void>(context.policy("flag", 10)), Error);
  EXPECT_THROW(static_cast<void>(context.policy("flag", 1.0)), Error);
  EXPECT_THROW(static_cast<void>(context.policy("large", 10)), Error);
  EXPECT_THROW(static_cast<void>(context.policy("huge", 1.0F)), Error);
  EXPECT_THROW(static_cast<void>(context.policy("list", std::vector<int>())), Error);
  EXPECT_EQ(context.policy("large", std::int64_t{10}), 5'000'000'000);
  EXPECT_EQ(context.policy("negative", 1.0), -1.0);
  EXPECT_EQ(context.policy("half", 1.0F), 0.5F);
  EXPECT_EQ(context.policy("list", std::vector<double>()), std::vector<double>({1, 2.5}));
  try {
    static_cast<void>(context.policy("half", 10));
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the run's policy: field 'half' must be an integer, got 0.5");
  }
}

struct Counted {
  int count = 0;

  static auto state_fields() { return std::tuple{state_field("count", &Counted::count)}; }
};

TEST(StateCodec, ANumberThatTheMemberCannotHoldIsRefused) {
  EXPECT_EQ(StateCodec<Counted>::decode({.meta = {{"count", 2}}, .arrays = {}}).count, 2);
  for (const Json& wrong : {Json(2.7), Json(5'000'000'000), Json(true), Json("2"), Json(nullptr)})
    EXPECT_THROW(static_cast<void>(StateCodec<Counted>::decode({.meta = {{"count", wrong}}, .arrays = {}})), Error)
        << wrong;
}

TEST(StageEntry, ArtifactArraysAndStateArraysDoNotMeet) {
  StoredResult stored{.state = {}, .metrics = {}, .artifacts = {}, .output_hash = "h"};
  const Array one = Array::from(std::vector<double>{1});
  for (const char* const name : {"x", "artifact.a.data", "state.x", "state.artifact.a.data"})
    stored.state.arrays.emplace(name, one);
  stored.artifacts.push_back(make_artifact("a", Array::from(std::vector<double>{2})));
  const Entry entry = encode_stage_entry(stored);
  EXPECT_EQ(entry.arrays.size(), 5U);
  EXPECT_TRUE(entry.arrays.contains("x"));
  const StoredResult back = decode_stage_entry(entry);
  EXPECT_EQ(back.state, stored.state);
  EXPECT_EQ(back.artifacts.at(0).array(), Array::from(std::vector<double>{2}));
  EXPECT_EQ(back.output_hash, "h");
}

TEST(StageEntry, OtherShapesAreUnsupportedAndBrokenOnesCorrupt) {
  const auto code_of = [](const Json& meta) {
    try {
      static_cast<void>(decode_stage_entry(Entry{.meta = meta, .arrays = {}}));
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  const Json good = encode_stage_entry({.state = {}, .metrics = {{"m", 1}}, .artifacts = {}, .output_hash = "h"}).meta;
  EXPECT_EQ(code_of(good), ErrorCode::internal);
  EXPECT_EQ(code_of({{"state_blob", "gASV"}}), ErrorCode::unsupported);
  Json later = good;
  later["format_version"] = 2;
  EXPECT_EQ(code_of(later), ErrorCode::unsupported);
  for (const char* const part : {"state", "metrics", "artifacts", "output_hash"}) {
    Json without = good, wrong = good;
    without.erase(part);
    wrong[part] = 5;
    EXPECT_EQ(code_of(without), ErrorCode::corrupt) << part;
    EXPECT_EQ(code_of(wrong), ErrorCode::corrupt) << part;
  }
}

TEST(RunReport, TableNamesStagesResultsAndReasons) {
  const RunReport report{.pipeline = "p",
                         .wall_time_s = 1.5,
                         .stages = {{.node = "pulse",
                                     .outcome = StageOutcome::hit,
                                     .compute_s = 2,
                                     .lookup_s = 0.5,
                                     .saved_s = 1.5,
                                     .stored_bytes = 2048},
                                    {.node = "fiber",
                                     .outcome = StageOutcome::uncached,
                                     .reason = "field 'x' is NaN",
                                     .uncacheable = true,
                                     .compute_s = 3}},
                         .warnings = {"the cache is away"}};
  const std::string table = report.table();
  for (const char* const text : {"pulse", "hit", "2.00 KiB", "1.50 s", "field 'x' is NaN", "total", "2 stages",
                                 "uncacheable: field 'x' is NaN (1)", "warning: the cache is away"}) {
    EXPECT_THAT(table, HasSubstr(text));
  }
  EXPECT_EQ(report.totals().compute_s, 3);
  EXPECT_EQ(report.to_json().at("totals").at("saved_s"), 1.5);
}

TEST(RunReport, TableHasOneLineAStageWhateverNamesAndMessagesHold) {
  const RunReport report{
      .stages = {{.node = "a",
                  .label =
                      "a.tag=\x1b[31m\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                      "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                      "\xc3\xa9",
                  .reason = "b\nc",
                  .compute_s = 0.9996,
                  .stored_bytes = 1048376}},
      .warnings = {"d\x1b[2Je\nf"}};
  const std::string table = report.table();
  EXPECT_EQ(table.find('\x1b'), std::string::npos);
  EXPECT_EQ(find_invalid_utf8(table), std::nullopt);
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 4);
  for (const char* const text : {"b c", "1.00 s", "1.00 MiB", "1 stage ", "warning: d [2Je f\n"}) {
    EXPECT_THAT(table, HasSubstr(text));
  }
}

TEST(RunReport, ThePointsOfASweepAreToldApartInTheTable) {
  const std::string start = "laser.peak_power_w=10000, fiber.gamma_per_w_m=0.11, fiber.length_m=0.";
  const RunReport report{
      .stages = {{.node = "fiber", .label = start + "15"}, {.node = "fiber", .label = start + "30"}}};
  const std::string table = report.table();
  EXPECT_THAT(table, HasSubstr("length_m=0.15]"));
  EXPECT_THAT(table, HasSubstr("length_m=0.30]"));
}

TEST(RunReport, ALongSweepHasARowForThePointsAtWhichAStageEndedAlike) {
  RunReport report;
  for (int point = 0; point < 100; ++point) {
    const std::string label = "data.seed=" + std::to_string(point);
    report.stages.push_back({.node = "data", .label = label, .outcome = StageOutcome::hit, .saved_s = 0.5});
    report.stages.push_back({.node = "fit",
                             .label = label,
                             .outcome = point == 7 ? StageOutcome::failed : StageOutcome::miss,
                             .reason = point < 7    ? "expired"
                                       : point == 7 ? "no data"
                                                    : "absent",
                             .compute_s = 0.25,
                             .stored_bytes = 1024});
  }
  const std::string table = report.table();
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 5) << table;  // with the header and the totals
  EXPECT_THAT(table, ContainsRegex("data \\(100 points\\) +hit .* 50\\.0 s"));
  EXPECT_THAT(table, ContainsRegex("fit \\(99 points\\) +miss +24\\.8 s .* 99\\.0 KiB .* expired \\(7\\)"));
  EXPECT_THAT(table, ContainsRegex("fit \\[data\\.seed=7\\] +failed +250 ms .* no data"));
  EXPECT_THAT(table, HasSubstr("200 stages"));
}

TEST(RunReport, JsonCanBeWrittenWhateverAMessageHolds) {
  const RunReport report{
      .stages = {{.node = "a", .label = "l\xff", .op_name = "o\xff", .reason = "r\xff", .uncacheable = true}},
      .warnings = {"w\xff"}};
  EXPECT_THAT(report.to_json().dump(), HasSubstr("\"r\xef\xbf\xbd\""));
  EXPECT_NO_THROW((void)Provenance({.op_name = "o\xff", .cache = {.reason = "r\xff"}}).to_json().dump());
}

struct Twins {
  std::vector<double> x, y;
  static auto state_fields() { return std::tuple{state_field("x", &Twins::x), state_field("x", &Twins::y)}; }
};

TEST(StateCodec, TwoMembersOfOneNameAreRefused) {
  try {
    (void)StateCodec<Twins>::encode(Twins{{1}, {2}});
    FAIL() << "one of them would be lost";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("two members 'x'"));
  }
}

struct Maybe {
  std::optional<double> gain;
  std::optional<std::string> note;
  static auto state_fields() {
    return std::tuple{state_field("gain", &Maybe::gain), state_field("note", &Maybe::note)};
  }
  friend bool operator==(const Maybe&, const Maybe&) = default;
};

struct Forgetful {
  Array field = Array::scalar(0.0);
  std::optional<double> gain;
  Json extra;
  std::vector<double> lost;
  static auto state_fields() {
    return std::tuple{state_field("field", &Forgetful::field), state_field("gain", &Forgetful::gain),
                      state_field("extra", &Forgetful::extra)};
  }
};

TEST(StateCodec, AMemberThatNobodyListedIsNoticed) {
  static_assert(detail::kForgetsMembers<Forgetful>);
  static_assert(!detail::kForgetsMembers<Maybe> && !detail::kForgetsMembers<Pulse>);
}

TEST(StateCodec, OptionalMembersComeBackAsTheyWere) {
  for (const Maybe& maybe : {Maybe{}, Maybe{0.0, ""}, Maybe{2.5, "x"}}) {
    EXPECT_EQ(StateCodec<Maybe>::decode(StateCodec<Maybe>::encode(maybe)), maybe);
  }
}

struct Particles {
  std::vector<std::array<double, 3>> at_m;
  std::vector<std::array<std::complex<float>, 2>> spinor;
  static auto state_fields() {
    return std::tuple{state_field("at_m", &Particles::at_m), state_field("spinor", &Particles::spinor)};
  }
  friend bool operator==(const Particles&, const Particles&) = default;
};

TEST(StateCodec, RowsAreTwoDimensionalArrays) {
  const Particles some{.at_m = {{1, 2, 3}, {4, 5, 6}}, .spinor = {{{{1, 2}, {3, 4}}}}};
  const State state = StateCodec<Particles>::encode(some);
  EXPECT_EQ(state.arrays.at("at_m"), Array::from(std::vector<double>{1, 2, 3, 4, 5, 6}, {2, 3}));
  EXPECT_EQ(StateCodec<Particles>::decode(state), some);
  EXPECT_EQ(StateCodec<Particles>::decode(StateCodec<Particles>::encode(Particles{})), Particles{});
}

TEST(StateCodec, RowsAreReadFromEitherOrderInMemoryAndNoOtherShape) {
  State state = StateCodec<Particles>::encode(Particles{});
  const Bytes columns = Bytes::from(std::vector<double>{1, 4, 2, 5, 3, 6});
  state.arrays.insert_or_assign("at_m", Array(DType::of<double>(), {2, 3}, Order::fortran, columns));
  EXPECT_THAT(StateCodec<Particles>::decode(state).at_m,
              ElementsAre(std::array<double, 3>{1, 2, 3}, std::array<double, 3>{4, 5, 6}));
  for (const Shape& shape : {Shape{3, 2}, Shape{6}, Shape{1, 2, 3}}) {
    state.arrays.insert_or_assign("at_m", Array(DType::of<double>(), shape, Order::c, columns));
    EXPECT_THAT(refusal_of([&] { static_cast<void>(StateCodec<Particles>::decode(state)); }), HasSubstr("(n, 3)"));
  }
}

TEST(StateCodec, WhatNeitherIsAnArrayNorBecomesJsonIsToldApart) {
  static_assert(detail::kIsMetadata<double> && detail::kIsMetadata<std::vector<std::vector<double>>>);
  static_assert(detail::kIsMetadata<std::optional<std::string>> && detail::kIsMetadata<Json>);
  static_assert(!detail::kIsMetadata<std::complex<double>> && !detail::kIsMetadata<std::vector<Number>>);
}

TEST(StageContext, ATextMayBeTheFallbackOfAPolicy) {
  const StageContext context({.policy = {{"mode", "fast"}}});
  EXPECT_EQ(context.policy("mode", "exact"), "fast");
  EXPECT_EQ(context.policy("other", "exact"), "exact");
}

}  // namespace
}  // namespace neve
