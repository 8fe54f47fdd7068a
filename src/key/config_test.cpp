#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include <neve/base/error.hpp>
#include <neve/key/config.hpp>
#include <neve/key/digests.hpp>

#include "support/refusal.hpp"

namespace neve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

enum class PulseShape : std::uint8_t { sech = 7, gauss = 9 };

struct GridConfig {
  std::uint32_t points = 4096;
  double span_s = 1e-11;

  static auto fields() {
    return neve::fields<GridConfig>(neve::field("points", &GridConfig::points).at_least(2).power_of_two(),
                                    neve::field("span_s", &GridConfig::span_s).above(0).unit("s"));
  }
};

struct FibreConfig {
  double length_m = 0.15;
  std::vector<double> betas = {-1e-26};
  bool raman = true;
  std::optional<std::string> label{};
  PulseShape shape = PulseShape::sech;
  GridConfig grid{.points = 1024};
  std::int8_t order = 2;
  std::string solver = "rk4ip";
  std::array<double, 2> range_m{0, 1};
  std::map<std::string, double> losses{};
  std::vector<GridConfig> grids{};
  std::optional<PulseShape> seed_shape{};
  Json notes = Json::object();
  double free = 0;

  static auto fields() {
    return neve::fields<FibreConfig>(
               neve::field("length_m", &FibreConfig::length_m)
                   .above(0)
                   .at_most(1e5)
                   .unit("m")
                   .doc("length of the fibre"),
               neve::field("betas", &FibreConfig::betas).non_empty().max_size(4).above(-1).below(1),
               neve::field("raman", &FibreConfig::raman), neve::field("label", &FibreConfig::label).min_size(2),
               neve::field("shape", &FibreConfig::shape)
                   .choices({{"sech", PulseShape::sech}, {"gauss", PulseShape::gauss}}),
               neve::field("grid", &FibreConfig::grid),
               neve::field("order", &FibreConfig::order)
                   .check([](std::int8_t n) { return n % 2 == 0; }, "must be even"),
               neve::field("solver", &FibreConfig::solver).choices({"rk4ip", "split-step"}),
               neve::field("range_m", &FibreConfig::range_m), neve::field("losses", &FibreConfig::losses).at_least(0),
               neve::field("grids", &FibreConfig::grids),
               neve::field("seed_shape", &FibreConfig::seed_shape).choices({{"sech", PulseShape::sech}}),
               neve::field("notes", &FibreConfig::notes), neve::field("free", &FibreConfig::free))
        .check([](const FibreConfig& c) { return c.range_m[0] < c.range_m[1]; },
               "must have range_m in ascending order");
  }
};

Config<FibreConfig> fibre(const std::string& json) { return Config<FibreConfig>::from_json(parse_json(json)); }

ConfigError fibre_error(const std::string& json) {
  try {
    (void)fibre(json);
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    return error;
  }
  ADD_FAILURE() << "accepted " << json;
  return ConfigError(JsonPath(), "");
}

std::string message(const std::string& json) { return fibre_error(json).what(); }

struct Forgetful {
  std::optional<double> length_m;
  std::array<double, 3> tilt{};
  Json free;
  std::string name = "x";
};
struct Memberless {};
struct ForgetfulChild : Forgetful {
  bool raman = false;
};

TEST(ConfigFields, AMemberThatNobodyDeclaredIsNoticed) {
  static_assert(config_detail::kHasMoreMembersThan<Forgetful, 3> && !config_detail::kHasMoreMembersThan<Forgetful, 4>);
  static_assert(config_detail::kHasMoreMembersThan<ForgetfulChild, 4>);
  static_assert(!config_detail::kHasMoreMembersThan<ForgetfulChild, 5>);
  static_assert(!config_detail::kHasMoreMembersThan<Memberless, 0>);
}

TEST(Config, FillsInDefaultsAndWritesEveryField) {
  const auto config = fibre(R"({"length_m": 2, "grid": {"span_s": 1e-12}, "shape": "gauss"})");
  EXPECT_EQ(config->length_m, 2.0);
  EXPECT_EQ(config->grid.points, 1024u) << "a nested field keeps the outer default";
  EXPECT_EQ(config->shape, PulseShape::gauss);
  EXPECT_EQ(
      dump_compact_json(config.to_json()),
      R"({"betas":[-1e-26],"free":0.0,"grid":{"points":1024,"span_s":1e-12},"grids":[],"label":null,"length_m":2.0,"losses":{},)"
      R"("notes":{},"order":2,"raman":true,"range_m":[0.0,1.0],"seed_shape":null,"shape":"gauss","solver":"rk4ip"})");
}

TEST(Config, ReadsBackWhatItWrites) {
  const auto config =
      fibre(R"({"label": "pcf", "losses": {"a b": 0.5, "é": 1}, "grids": [{}, {"points": 8}], "seed_shape": "sech",
                                "range_m": [-1, 0.5], "order": -128, "notes": [1, {"x": null}], "betas": [0.5, -0.5]})");
  EXPECT_EQ(Config<FibreConfig>::from_json(config.to_json()).to_json(), config.to_json());
  EXPECT_EQ(config->losses.at("é"), 1.0);
  EXPECT_EQ(config->grids[1].points, 8u);
  EXPECT_EQ(config->seed_shape, PulseShape::sech);
  EXPECT_EQ(config->order, -128);
}

TEST(Config, HashesOneAndOnePointZeroAlikeInADoubleField) {
  EXPECT_EQ(config_digest(fibre(R"({"length_m": 1})").to_json()),
            config_digest(fibre(R"({"length_m": 1.0})").to_json()));
  EXPECT_EQ(config_digest(Config<FibreConfig>().to_json()), config_digest(fibre("{}").to_json()));
}

TEST(Config, NamesTheNearestFieldForAnUnknownOne) {
  const ConfigError error = fibre_error(R"({"lenght_m": 1})");
  EXPECT_STREQ(error.what(), "unknown field 'lenght_m' (did you mean 'length_m'?)");
  EXPECT_EQ(error.path(), "lenght_m");
  const ConfigError nested = fibre_error(R"({"grids": [{}, {"point": 8}]})");
  EXPECT_STREQ(nested.what(), "unknown field 'grids[1].point' (did you mean 'points'?)");
  EXPECT_EQ(nested.pointer(), "/grids/1/point");
}

TEST(Config, SaysWhichTypeItWanted) {
  EXPECT_EQ(message(R"({"length_m": "0.15"})"), R"(field 'length_m' must be a number, got "0.15")");
  EXPECT_EQ(message(R"({"raman": 1})"), "field 'raman' must be true or false, got 1");
  EXPECT_EQ(message(R"({"betas": [1e-3, null]})"), "field 'betas[1]' must be a number, got null");
  EXPECT_EQ(message(R"({"betas": 3})"), "field 'betas' must be a list, got 3");
  EXPECT_EQ(message(R"({"label": false})"), "field 'label' must be a text, got false");
  EXPECT_EQ(message(R"({"grid": []})"), "field 'grid' must be an object of fields and values, got []");
  EXPECT_EQ(message(R"({"losses": []})"), "field 'losses' must be an object of names and values, got []");
  EXPECT_EQ(message(R"({"range_m": [1]})"), "field 'range_m' must have 2 elements, got 1");
  EXPECT_EQ(message(R"({"grid": {"points": 1e3}})"), "field 'grid.points' must be an integer (write 1000), got 1000.0");
  EXPECT_EQ(message("[]"), "the config must be an object of fields and values, got []");
}

TEST(Config, ChecksIntegersAgainstTheirType) {
  EXPECT_EQ(message(R"({"order": 128})"), "field 'order' must be an integer from -128 to 127, got 128");
  EXPECT_EQ(message(R"({"order": 18446744073709551615})"),
            "field 'order' must be an integer from -128 to 127, got 18446744073709551615");
  EXPECT_EQ(message(R"({"grid": {"points": -2}})"),
            "field 'grid.points' must be an integer from 0 to 4294967295, got -2");
  EXPECT_EQ(message(R"({"free": 9007199254740993})"),
            "field 'free' must be a number that a double holds exactly, got 9007199254740993");
  EXPECT_EQ(fibre(R"({"free": 9007199254740992})")->free, 9007199254740992.0);
}

TEST(Config, ChecksRanges) {
  EXPECT_EQ(message(R"({"length_m": 0})"), "field 'length_m' must be above 0 m, got 0.0");
  EXPECT_EQ(message(R"({"length_m": 1e6})"), "field 'length_m' must be at most 100000.0 m, got 1000000.0");
  EXPECT_EQ(message(R"({"length_m": NaN})"), "field 'length_m' must be above 0 m, got NaN");
  EXPECT_EQ(message(R"({"betas": [0, 1]})"), "field 'betas[1]' must be below 1, got 1.0");
  EXPECT_EQ(message(R"({"betas": []})"), "field 'betas' must be non-empty, got nothing");
  EXPECT_EQ(message(R"({"betas": [0, 0, 0, 0, 0]})"), "field 'betas' must be at most 4 long, got 5 elements");
  EXPECT_EQ(message(R"({"label": "x"})"), "field 'label' must be at least 2 long, got 1 bytes");
  EXPECT_EQ(message(R"({"losses": {"splice": -1}})"), "field 'losses.splice' must be at least 0, got -1.0");
  EXPECT_EQ(message(R"({"grids": [{"points": 12}]})"), "field 'grids[0].points' must be a power of two, got 12");
  EXPECT_EQ(message(R"({"grid": {"points": 0}})"), "field 'grid.points' must be at least 2, got 0");
  EXPECT_EQ(message(R"({"order": 3})"), "field 'order' must be even, got 3");
  EXPECT_EQ(message(R"({"range_m": [1, 0]})"), "the config must have range_m in ascending order");
}

TEST(Config, ChecksChoices) {
  EXPECT_EQ(message(R"({"shape": "sehc"})"),
            R"(field 'shape' must be one of sech, gauss, got "sehc" (did you mean 'sech'?))");
  EXPECT_EQ(message(R"({"shape": 7})"), "field 'shape' must be one of sech, gauss, got 7");
  EXPECT_EQ(message(R"({"solver": "euler"})"), R"(field 'solver' must be one of "rk4ip", "split-step", got "euler")");
  EXPECT_EQ(message(R"({"seed_shape": "gauss"})"), R"(field 'seed_shape' must be one of sech, got "gauss")");
}

TEST(Config, ChecksStructsThatWereMadeInCode) {
  EXPECT_THROW((void)Config<FibreConfig>(FibreConfig{.length_m = -1}), ConfigError);
  EXPECT_THROW((void)Config<FibreConfig>(FibreConfig{.shape = static_cast<PulseShape>(1)}), ConfigError);
  FibreConfig nested;
  nested.grids = {{}, {.points = 3}};
  try {
    (void)Config<FibreConfig>(nested);
    ADD_FAILURE();
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.path(), "grids[1].points");
  }
}

TEST(Config, MayHoldNanThatNoRangeForbidsButHasNoDigestThen) {
  const auto config = fibre(R"({"free": NaN})");
  EXPECT_TRUE(config->free != config->free);
  EXPECT_THROW((void)config_digest(config.to_json()), Error);
}

TEST(Config, KeepsItsValuesWhenTheOriginalChanges) {
  FibreConfig original;
  const Config<FibreConfig> config(original);
  const Config<FibreConfig> copy = config;
  original.length_m = 3;
  EXPECT_EQ(copy->length_m, 0.15);
  static_assert(std::is_const_v<std::remove_reference_t<decltype(copy.get())>>);
}

struct ImportConfig : GridConfig {
  std::string path;
  std::vector<bool> flags;
  std::uint64_t seed = 0;

  static auto fields() {
    return neve::fields<ImportConfig>(neve::field("points", &ImportConfig::points).at_least(1),
                                      neve::field("span_s", &ImportConfig::span_s),
                                      neve::field("path", &ImportConfig::path).required().doc("what to read"),
                                      neve::field("flags", &ImportConfig::flags),
                                      neve::field("seed", &ImportConfig::seed).at_most(18446744073709551614u));
  }
};

TEST(Config, AsksForRequiredFields) {
  try {
    (void)Config<ImportConfig>::from_json(Json::object());
    ADD_FAILURE();
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(), "field 'path' is missing; it has no default");
    EXPECT_EQ(error.path(), "");
  }
}

TEST(Config, HoldsWholeSixtyFourBitRangesAndInheritedMembers) {
  const auto config = Config<ImportConfig>::from_json(
      parse_json(R"({"path": "x", "seed": 18446744073709551614, "points": 3, "flags": [true, false]})"));
  EXPECT_EQ(config->seed, 18446744073709551614u);
  EXPECT_EQ(config->points, 3u);
  EXPECT_EQ(config.to_json().at("flags"), Json({true, false}));
  EXPECT_THROW((void)Config<ImportConfig>::from_json(parse_json(R"({"path": "x", "seed": 18446744073709551615})")),
               ConfigError);
}

TEST(Config, DescribesItsFields) {
  const auto schema = Config<FibreConfig>::schema();
  std::vector<std::string> types;
  for (const FieldInfo& info : schema) types.push_back(info.type);
  EXPECT_THAT(types, ElementsAre("number", "list of number", "boolean", "optional text", "choice", "group", "integer",
                                 "text", "list of 2 number", "map of number", "list of group", "optional choice",
                                 "anything", "number"));
  EXPECT_EQ(schema[0].unit, "m");
  EXPECT_EQ(schema[0].doc, "length of the fibre");
  EXPECT_THAT(schema[0].constraints, ElementsAre("above 0", "at most 100000.0"));
  EXPECT_EQ(schema[0].default_value, Json(0.15));
  EXPECT_THAT(schema[4].choices, ElementsAre("sech", "gauss"));
  EXPECT_EQ(schema[4].default_value, "sech");
  EXPECT_EQ(schema[5].fields.at(0).name, "points");
  EXPECT_THAT(schema[7].choices, ElementsAre("rk4ip", "split-step"));
}

TEST(Config, SchemaConvertsToJson) {
  const Json schema = Config<ImportConfig>::schema();
  EXPECT_EQ(dump_compact_json(schema.at(2)), R"({"doc":"what to read","name":"path","required":true,"type":"text"})");
  EXPECT_EQ(schema.at(0).at("default"), 4096);
}

struct TwiceConfig {
  double a = 0;
  static auto fields() {
    return neve::fields<TwiceConfig>(neve::field("a", &TwiceConfig::a), neve::field("a", &TwiceConfig::a));
  }
};

struct NamelessConfig {
  PulseShape shape = PulseShape::sech;
  static auto fields() { return neve::fields<NamelessConfig>(neve::field("shape", &NamelessConfig::shape)); }
};

struct DoubleChoiceConfig {
  PulseShape shape = PulseShape::sech;
  static auto fields() {
    return neve::fields<DoubleChoiceConfig>(neve::field("shape", &DoubleChoiceConfig::shape)
                                                .choices({{"sech", PulseShape::sech}, {"sech", PulseShape::gauss}}));
  }
};

struct CopiedLineConfig {
  double width_m = 1;
  double height_m = 1;
  static auto fields() {
    return neve::fields<CopiedLineConfig>(neve::field("width_m", &CopiedLineConfig::width_m),
                                          neve::field("height_m", &CopiedLineConfig::width_m));
  }
};

struct TreeConfig {
  int value = 0;
  std::vector<TreeConfig> branches{};
  static auto fields() {
    return neve::fields<TreeConfig>(neve::field("value", &TreeConfig::value),
                                    neve::field("branches", &TreeConfig::branches));
  }
};

TEST(Config, DescribesAStructThatHoldsAListOfItself) {
  const std::vector<FieldInfo> schema = Config<TreeConfig>::schema();
  ASSERT_EQ(schema.size(), 2U);
  EXPECT_EQ(schema[1].type, "list of group");
}

TEST(Config, RefusesDeclarationsThatCannotWork) {
  EXPECT_THAT(refusal_of([] { (void)Config<TwiceConfig>(); }), HasSubstr("'a' was declared twice"));
  EXPECT_THAT(refusal_of([] { (void)Config<CopiedLineConfig>(); }),
              HasSubstr("'width_m' and 'height_m' are the same member"));
  EXPECT_THAT(refusal_of([] { (void)Config<NamelessConfig>(); }), AllOf(HasSubstr("'shape'"), HasSubstr(".choices(")));
  EXPECT_THAT(refusal_of([] { (void)Config<DoubleChoiceConfig>(); }), HasSubstr("calls two values 'sech'"));
}

}  // namespace
}  // namespace neve
