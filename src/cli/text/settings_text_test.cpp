#include "cli/text/settings_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/digest.hpp>

namespace neve::cli {
namespace {

using testing::ElementsAre;

const std::string kDigest(64, 'a');

TEST(SettingsText, MappingsAreTakenApart) {
  EXPECT_THAT(settings_of(parse_json(R"({"gamma": 0.1, "grid": {"kind": "cheb", "n": 5}, "l": [1, 2], "e": {}})")),
              ElementsAre(Setting{"e", "{}"}, Setting{"gamma", "0.1"}, Setting{"grid.kind", "\"cheb\""},
                          Setting{"grid.n", "5"}, Setting{"l", "[1, 2]"}));
  EXPECT_TRUE(settings_of(nullptr).empty());
}

TEST(SettingsText, PythonsValuesAreTheirOwnWords) {
  const Json array = {{"dtype", "<f8"}, {"shape", {3, 4}}, {"sha256", kDigest}};
  const Json point = {{"dtype", "<f8"}, {"shape", Json::array()}, {"sha256", kDigest}};
  const Json object = {{"$", "dataclass"},
                       {"of", {{"fields", {{"n", 1}, {"t", {{"$", "tuple"}, {"of", {1, 2}}}}}}, {"type", "lab:P"}}}};
  const Json config = {{"arguments",
                        {{"a", {{"$", "array"}, {"of", array}}},
                         {"e", {{"$", "enum"}, {"of", {{"name", "RK4"}, {"type", "lab:M"}, {"value", 2}}}}},
                         {"f", {{"$", "float"}, {"of", "nan"}}},
                         {"p", object},
                         {"s", {{"$", "scalar"}, {"of", {{"$", "array"}, {"of", point}}}}},
                         {"w", {{"$", "type:Path"}, {"of", "x"}}}}},
                       {"source", kDigest}};
  EXPECT_THAT(settings_of(config),
              ElementsAre(Setting{"arguments.a", "array <f8 (3, 4) aaaaaaaaaaaa"}, Setting{"arguments.e", "lab:M.RK4"},
                          Setting{"arguments.f", "nan"}, Setting{"arguments.p", "lab:P"}, Setting{"arguments.p.n", "1"},
                          Setting{"arguments.p.t", "(1, 2)"}, Setting{"arguments.s", "numpy <f8 aaaaaaaaaaaa"},
                          Setting{"arguments.w", "Path \"x\""}, Setting{"source", "aaaaaaaaaaaa"}));
}

TEST(SettingsText, WhatElseAKeyIsMadeOfComesBehind) {
  const Json recipe = {
      {"config", {{"n", 1}}},
      {"dep_hashes", {{"mc", kDigest}}},
      {"files", {{"a.py", {{"bytes", 3}, {"sha256", kDigest}}}}},
      {"hashed_besides",
       {{"command", "fit -v"}, {"contract", 2}, {"env", {{"HOST", nullptr}, {"SITE", "3e23e8160039594a"}}}}},
      {"inputs", {{"field", kDigest}}},
      {"policy", {{"mode", "fast"}}},
      {"version", "2"}};
  EXPECT_THAT(ingredients_of(recipe),
              ElementsAre(Setting{"n", "1"}, Setting{"policy mode", "\"fast\""}, Setting{"input field", "aaaaaaaaaaaa"},
                          Setting{"needs mc", "aaaaaaaaaaaa"}, Setting{"file a.py", "aaaaaaaaaaaa"},
                          Setting{"command", sha256_hex("fit -v").substr(0, 12)}, Setting{"env HOST", "unset"},
                          Setting{"env SITE", "3e23e8160039"}, Setting{"version", "\"2\""}));
  EXPECT_TRUE(ingredients_of(nullptr).empty());
  const Json source = {{"hashed_besides", {{"source", {{"code", kDigest}, {"reads", {{"N", 3}, {"f", kDigest}}}}}}}};
  EXPECT_THAT(ingredients_of(source), ElementsAre(Setting{"code", "aaaaaaaaaaaa"}, Setting{"reads.N", "3"},
                                                  Setting{"reads.f", "aaaaaaaaaaaa"}));
}

TEST(SettingsText, LongValuesThatBeginAlikeAreToldApart) {
  Json list = Json::array();
  for (int i = 0; i < 60; ++i) list.push_back(i);
  const auto shown = [](const Json& value) { return settings_of({{"x", value}}).at(0).value; };
  const std::string before = shown(list);
  list.back() = 7;
  EXPECT_NE(shown(list), before);
  EXPECT_LT(before.size(), 120U);
  EXPECT_NE(shown(std::string(200, 'x') + "a"), shown(std::string(200, 'x') + "b"));
}

TEST(SettingsText, OfSeveralWhatSetsThemApartIsTold) {
  const auto settings = [](const char* text) { return settings_of(parse_json(text)); };
  const auto first = settings(R"({"arguments": {"n": 1, "m": 2}, "k": 3})");
  EXPECT_THAT(differing_settings({first, settings(R"({"arguments": {"n": 5, "m": 2}, "k": 3})"),
                                  settings(R"({"arguments": {"n": 1, "m": 2}, "k": 3, "new": 0})")}),
              ElementsAre("n=1", "n=5", "n=1, new=0"));
  EXPECT_THAT(differing_settings({first}), ElementsAre("m=2, n=1, k=3"));
  EXPECT_THAT(differing_settings({first, first}), ElementsAre("", ""));
  std::vector<Setting> files;
  for (int i = 0; i < 1000; ++i) files.push_back({"file " + std::to_string(i), "a"});
  const std::string of_many = differing_settings({files}).at(0);
  EXPECT_THAT(of_many, testing::EndsWith(", file 29=a and 970 more"));
}

}  // namespace
}  // namespace neve::cli
