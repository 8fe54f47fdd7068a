#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <fstream>
#include <limits>
#include <string>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/key/digests.hpp>
#include <neve/key/key_recipe.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

KeyRecipe fibre_recipe() {
  KeyRecipe recipe{.node_id = "fiber", .op_name = "optics.fiber", .version = "1"};
  recipe.config = Json{{"length_m", 0.15}, {"betas", {1.0, 2.0}}, {"grid", {{"points", 4096}}}};
  recipe.policy = Json{{"tol", 1e-9}};
  recipe.inputs = {{"source", sha256_hex("source")}};
  recipe.files = {{"loss.csv", {sha256_hex("loss"), 4}}};
  recipe.dependencies = {{"pulse", sha256_hex("pulse")}};
  return recipe;
}

TEST(KeyRecipe, EveryIngredientChangesTheKey) {
  const Key key = fibre_recipe().key().key();
  const auto changed = [&](auto change) {
    KeyRecipe recipe = fibre_recipe();
    change(recipe);
    return recipe.key().key() != key;
  };
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.node_id = "fiber2"; }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.op_name = "optics.gain"; }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.version = "2"; }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { (*r.config)["length_m"] = 0.2; }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.config.reset(); }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.config_hash = sha256_hex("more than the config"); }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.policy = Json::object(); }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.policy.reset(); }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.inputs["source"] = sha256_hex("other"); }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.inputs["second"] = sha256_hex("source"); }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.files["loss.csv"].sha256 = sha256_hex("other"); }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.files.clear(); }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { r.dependencies["pulse"] = sha256_hex("other"); }));
  EXPECT_TRUE(changed([](KeyRecipe& r) { std::swap(r.inputs, r.dependencies); }));
}

TEST(KeyRecipe, KeepsTheKeyThatTheFormatPageShows) {
  const KeyRecipe recipe{
      .node_id = "source", .op_name = "pulse", .version = "1", .inputs = {{"input", std::string(64, '0')}}};
  EXPECT_EQ(dump_compact_json(recipe.record().to_json()),
            R"({"cache_version":"v2","cfg_hash":null,"dep_hashes":{},"input_hash":")" + std::string(64, '0') +
                R"(","node_id":"source","op_name":"pulse","policy_hash":null,"version":"1"})");
  EXPECT_EQ(recipe.key().key().text(), sha256_hex(dump_compact_json(recipe.record().to_json())));
}

TEST(KeyRecipe, GivesAReasonInsteadOfAGuessedKey) {
  KeyRecipe recipe = fibre_recipe();
  (*recipe.config)["grid"]["span"] = std::numeric_limits<double>::infinity();
  const KeyOutcome outcome = recipe.key();
  ASSERT_FALSE(outcome.cacheable());
  EXPECT_THAT(outcome.reason(), HasSubstr("'/grid/span'"));
  recipe = fibre_recipe();
  recipe.policy = Json{{"name", "\xC3"}};
  EXPECT_THAT(recipe.key().reason(), HasSubstr("'/name' is not UTF-8"));
  recipe = fibre_recipe();
  recipe.node_id = "\xFF";
  EXPECT_FALSE(recipe.key().cacheable());
}

TEST(KeyRecipe, ComesBackFromItsJson) {
  KeyRecipe recipe = fibre_recipe();
  EXPECT_EQ(KeyRecipe::from_json(parse_json(dump_compact_json(recipe.to_json()))), recipe);
  recipe.config_hash = sha256_hex("config and command");
  EXPECT_EQ(KeyRecipe::from_json(recipe.to_json()), recipe);
  EXPECT_EQ(KeyRecipe::from_json(KeyRecipe{}.to_json()), KeyRecipe{});
}

TEST(KeyRecipe, RefusesJsonThatContradictsItself) {
  const Json good = fibre_recipe().to_json();
  const auto code_after = [&](auto change) {
    Json json = good;
    change(json);
    try {
      (void)KeyRecipe::from_json(json);
    } catch (const Error& error) {
      return to_string(error.code());
    }
    return std::string_view("accepted");
  };
  EXPECT_EQ(code_after([](Json& j) { j["policy"]["tol"] = 1; }), "corrupt");
  EXPECT_EQ(code_after([](Json& j) { j["inputs"]["source"] = ""; }), "corrupt");
  EXPECT_EQ(code_after([](Json& j) { j["files"]["loss.csv"].erase("sha256"); }), "corrupt");
  EXPECT_EQ(code_after([](Json& j) { j["files"]["loss.csv"]["bytes"] = -1; }), "corrupt");
  EXPECT_EQ(code_after([](Json& j) { j["dep_hashes"] = 7; }), "corrupt");
  EXPECT_EQ(code_after([](Json& j) { j = "recipe"; }), "corrupt");
  EXPECT_EQ(code_after([](Json& j) { j["recipe"] = 2; }), "unsupported");
  EXPECT_EQ(code_after([](Json& j) { j["cache_version"] = "v3"; }), "unsupported");
  for (const auto& [name, value] : good.items()) {
    const std::string left_out = name;
    if (name == "config") continue;  // then the digest counts as one that the stage made itself
    EXPECT_EQ(code_after([&](Json& j) { j.erase(left_out); }), "corrupt") << left_out;
  }
}

TEST(ExplainDifference, SaysNothingAboutEqualRecipes) {
  EXPECT_THAT(explain_difference(fibre_recipe(), fibre_recipe()), IsEmpty());
  KeyRecipe hashed_before = fibre_recipe();
  hashed_before.config_hash = config_digest(*hashed_before.config);
  EXPECT_THAT(explain_difference(fibre_recipe(), hashed_before), IsEmpty());
}

TEST(ExplainDifference, NamesEachChangeForAPerson) {
  const KeyRecipe before = fibre_recipe();
  KeyRecipe after = before;
  after.version = "2";
  after.config = Json{{"length_m", 0.2}, {"betas", {1.0, 2.5}}, {"grid", {{"points", 4096.0}}}, {"raman", true}};
  after.policy.reset();
  after.inputs["source"] = sha256_hex("new");
  after.files["loss.csv"] = {sha256_hex("loss+"), 5};
  after.dependencies = {{"chirp", sha256_hex("chirp")}};
  EXPECT_THAT(
      explain_difference(before, after),
      ElementsAre(R"(version: "1" → "2")", "config.betas[1]: 2.0 → 2.5", "config.grid.points: 4096 → 4096.0",
                  "config.length_m: 0.15 → 0.2", "config.raman: added (true)",
                  R"(policy: removed (was {"tol": 1e-09}))", HasSubstr("input 'source' changed ("),
                  "file 'loss.csv' changed (4 → 5 bytes)", "dependency 'pulse' removed", "dependency 'chirp' added"));
}

TEST(ExplainDifference, AdmitsWhenOnlyTheStageKnows) {
  KeyRecipe before = fibre_recipe();
  KeyRecipe after = before;
  before.config_hash = sha256_hex("a");
  after.config_hash = sha256_hex("b");
  EXPECT_THAT(explain_difference(before, after), ElementsAre(HasSubstr("besides its config changed")));
}

TEST(ExplainDifference, NamesADigestThatOneSideAloneHas) {
  KeyRecipe without = fibre_recipe();
  without.config.reset();
  KeyRecipe with = without;
  with.config_hash = sha256_hex("a");
  EXPECT_THAT(explain_difference(without, with), ElementsAre("digest of the config: added"));
  EXPECT_THAT(explain_difference(with, without), ElementsAre("digest of the config: removed"));
}

TEST(ExplainDifference, OfDigestsTheBeginningIsEnough) {
  const std::string one = sha256_hex("a"), other = sha256_hex("b");
  EXPECT_THAT(explain_difference({{"f", one}, {"g", one}}, {{"f", other}, {"h", other}}, "source"),
              ElementsAre("source.f: " + one.substr(0, 12) + " → " + other.substr(0, 12),
                          "source.g: removed (was " + one.substr(0, 12) + ")",
                          "source.h: added (" + other.substr(0, 12) + ")"));
}

TEST(ExplainDifference, CutsLongValuesShort) {
  KeyRecipe before = fibre_recipe();
  KeyRecipe after = before;
  (*before.config)["table"] = std::string(1'000'000, 'x');
  (*after.config)["table"] = Json::array({"short", std::string(100, 'y')});
  const auto lines = explain_difference(before, after);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_LT(lines[0].size(), 200u);
}

TEST(InputFile, IsItsContent) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "table.csv";
  const std::string content(3'000'000, 'q');
  std::ofstream(path) << content;
  EXPECT_EQ(hash_input_file(path), (InputFile{sha256_hex(content), content.size()}));
}

TEST(InputFile, CountsAsAnotherOnceItCanBeExecuted) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "solve.sh";
  std::ofstream(path) << "exit 0";
  KeyRecipe plain = fibre_recipe();
  plain.files = {{"solve.sh", hash_input_file(path)}};
  std::filesystem::permissions(path, std::filesystem::perms::owner_exec, std::filesystem::perm_options::add);
  KeyRecipe executable = plain;
  executable.files = {{"solve.sh", hash_input_file(path)}};
  EXPECT_NE(executable.key().key(), plain.key().key());
  EXPECT_THAT(explain_difference(plain, executable), ElementsAre(HasSubstr("'solve.sh' changed (now executable)")));
  EXPECT_EQ(KeyRecipe::from_json(executable.to_json()), executable);
}

TEST(InputFile, APipeIsNotWaitedFor) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  try {
    (void)hash_input_file(folder.path() / "pipe");
    ADD_FAILURE() << "a pipe has no digest";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("is a pipe, not a regular file; write what comes out of it to a file"));
  }
}

TEST(InputFile, MustBeAFileThatIsThere) {
  const TemporaryFolder folder;
  for (const auto& path : {folder.path(), folder.path() / "absent", folder.path() / "absent" / "x"}) {
    try {
      (void)hash_input_file(path);
      ADD_FAILURE() << path;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      EXPECT_THAT(error.what(), HasSubstr(path.string()));
    }
  }
}

}  // namespace
}  // namespace neve
