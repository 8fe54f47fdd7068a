#include <neve/pipeline/command_stage.hpp>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class CommandStageTest : public testing::Test {
 protected:
  CommandStageTest() {
    fs::create_directory(folder_.path() / "tmp");
    fs::create_directory(folder_.path() / "project");
    options_.folder = folder_.path() / "project";
    options_.temporary_folder = folder_.path() / "tmp";
    options_.environment = {{"PATH", "/usr/bin:/bin"}};
    options_.place = "f.yaml:3:10";
    options_.grace = std::chrono::milliseconds(100);
  }

  State run(const std::string& command) {
    options_.command = command;
    return make_command_stage(options_)->run({}, context_);
  }
  std::string failure(const std::string& command) {
    try {
      (void)run(command);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::stage_failed);
      return error.what();
    }
    return "succeeded";
  }
  std::string hash() {
    const StagePtr stage = make_command_stage(options_);
    std::string all = stage->config_hash() + stage->version();
    for (const auto& [name, file] : stage->input_files({})) all += name + file.sha256;
    return all;
  }
  std::vector<fs::path> leftovers() const {
    return {fs::directory_iterator(folder_.path() / "tmp"), fs::directory_iterator()};
  }

  TemporaryFolder folder_;
  CommandOptions options_;
  StageContext context_;
};

TEST_F(CommandStageTest, HandsConfigAndInputsOverAndTakesTheResult) {
  options_.command = R"(cat "$NEVE_CONFIG" "$NEVE_INPUT_DIR/source/state.json" >&2
                        cp "$NEVE_CONFIG" "$NEVE_OUTPUT_DIR/state.json"
                        test -s "$NEVE_INPUT_DIR/source/arrays.npz" && cp "$NEVE_INPUT_DIR/source/arrays.npz" "$NEVE_OUTPUT_DIR/")";
  options_.config = {{"text", "$(touch injected) `id` \"'"}, {"n", 3}};
  StageContextOptions context_options;
  context_options.inputs = {"source"};
  StageContext context(std::move(context_options));
  const State source{Json{{"unit", "m"}}, {{"x", Array::from(std::vector<double>{1, 2})}}};
  const State state = make_command_stage(options_)->run(std::span(&source, 1), context);
  EXPECT_EQ(state.meta, options_.config);
  EXPECT_EQ(state.arrays, source.arrays);
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(CommandStageTest, GetsThePolicyOfTheRun) {
  StageContextOptions context_options;
  context_options.policy = {{"precision", "double"}};
  StageContext context(std::move(context_options));
  options_.command = "cp \"$NEVE_POLICY\" \"$NEVE_OUTPUT_DIR/state.json\"";
  EXPECT_EQ(make_command_stage(options_)->run({}, context).meta, Json({{"precision", "double"}}));
  EXPECT_EQ(make_command_stage(options_)->run({}, context_).meta, Json::object()) << "a run without a policy";
}

TEST_F(CommandStageTest, SeesOnlyTheFilesItDeclares) {
  std::ofstream(options_.folder / "declared.txt") << "1";
  std::ofstream(options_.folder / "forgotten.txt") << "2";
  options_.inputs = {"declared.txt"};
  EXPECT_THAT(failure("cat declared.txt forgotten.txt"), HasSubstr("forgotten.txt: No such file"));
}

TEST_F(CommandStageTest, AFileThatItForgotToDeclareIsNamed) {
  for (const char* const name : {"declared.txt", "data.csv"}) std::ofstream(options_.folder / name) << "1";
  options_.inputs = {"declared.txt"};
  const char* const told = "\n  'data.csv' is in the folder of the pipeline file, but not among the stage's inputs";
  EXPECT_THAT(failure("cat declared.txt ./data.csv"), HasSubstr(told));
  EXPECT_THAT(failure("echo \"No such file: 'da\"\"ta.csv'\"; exit 1"), HasSubstr(told)) << "said by a script";
  EXPECT_THAT(failure("cat declared.txt absent.csv"), testing::Not(HasSubstr("among the stage's inputs")));
}

TEST_F(CommandStageTest, AFileOfTheProjectThatEntersNoKeyIsNamed) {
  std::vector<std::string> remarks;
  StageContextOptions context_options;
  context_options.on_warning = [&](std::string_view text) { remarks.emplace_back(text); };
  StageContext context(std::move(context_options));
  fs::create_directories(options_.folder / "env/bin");
  fs::create_directories(options_.folder / "data");
  for (const char* const name : {"fit.py", "declared.txt", "env/bin/python", "data/a.csv"})
    std::ofstream(options_.folder / name) << "1";
  const std::string project = options_.folder.string();
  options_.inputs = {"declared.txt", project + "/declared.txt", project + "/data/*"};
  const auto remarks_of = [&](const std::string& command) {
    remarks.clear();
    options_.command = command + " > /dev/null; echo '{}' > \"$NEVE_OUTPUT_DIR/state.json\"";
    (void)make_command_stage(options_)->run({}, context);
    return remarks;
  };
  EXPECT_THAT(remarks_of("cat '" + project + "/fit.py' declared.txt"),
              testing::ElementsAre("f.yaml:3:10: the command names '" + project +
                                   "/fit.py', which is not among the stage's inputs: after a change there the old "
                                   "result would be used"));
  EXPECT_THAT(remarks_of("cat " + project + "/declared.txt " + project + "/data/a.csv"), IsEmpty());
  EXPECT_THAT(remarks_of("ls " + project + "/data " + project + "/env/bin/python /usr/bin " + project + "/absent || :"),
              IsEmpty());
  options_.inputs = {"declared.txt"};
  EXPECT_THAT(remarks_of("cat " + project + "/declared.txt"), IsEmpty());  // its content is in the key
  EXPECT_THAT(remarks_of("cd " + project + " && ls"), testing::SizeIs(1));
}

TEST_F(CommandStageTest, FailuresShowPlaceStatusAndLastLines) {
  const std::string text = failure("for i in $(seq 1 100); do echo line $i; done; exit 3");
  EXPECT_THAT(text, StartsWith("f.yaml:3:10: the command failed with exit status 3: for i in"));
  EXPECT_THAT(text, HasSubstr("exit 3\n  its last lines were:\n    line 81\n"));
  EXPECT_THAT(text, HasSubstr("    line 100"));
  EXPECT_THAT(text, testing::Not(HasSubstr("line 80\n")));
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(CommandStageTest, TheFirstLineOfAFailureSaysHowTheCommandEnded) {
  const std::string text = failure("python3 -c '\nraise SystemExit(3)'");
  EXPECT_THAT(text, StartsWith("f.yaml:3:10: the command failed with exit status 3: python3 -c '…"));
  EXPECT_EQ(text.find('\n'), std::string::npos);
}

TEST_F(CommandStageTest, AMissingCommandIsNamedWithTheNearestOne) {
  EXPECT_THAT(
      failure("pyhton3 fit.py"),
      HasSubstr("was not found (exit status 127): there is no 'pyhton3' on the PATH (did you mean 'python3'?)"));
}

TEST_F(CommandStageTest, MustLeaveAResult) {
  EXPECT_THAT(failure("true"), StartsWith("f.yaml:3:10: the command left nothing"));
}

TEST_F(CommandStageTest, ReportsProgressFromItsOutput) {
  std::vector<std::pair<double, std::string>> seen;
  StageContextOptions context_options;
  context_options.on_progress = [&](double fraction, std::string_view text) { seen.emplace_back(fraction, text); };
  StageContext context(std::move(context_options));
  options_.command =
      "echo neve-progress 0.25 first pass; echo neve-progress 7; echo '{}' > $NEVE_OUTPUT_DIR/state.json";
  (void)make_command_stage(options_)->run({}, context);
  EXPECT_EQ(seen, (std::vector<std::pair<double, std::string>>{{0.25, "first pass"}}));
}

TEST_F(CommandStageTest, WritesItsLogWhereAsked) {
  options_.log_folder = folder_.path() / "record";
  options_.command = "echo out; echo err >&2; echo '{}' > $NEVE_OUTPUT_DIR/state.json";
  StageContextOptions context_options;
  context_options.node = "a";
  context_options.folder = "line/point-3";
  StageContext context(std::move(context_options));
  (void)make_command_stage(options_)->run({}, context);
  std::ifstream log(folder_.path() / "record/line/point-3/a/command.log");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(log), {}), "out\nerr\n");
}

TEST_F(CommandStageTest, StopsWhenAskedAndLeavesNothing) {
  std::stop_source stop;
  StageContextOptions context_options;
  context_options.stop = stop.get_token();
  context_options.on_progress = [&](double, std::string_view) { stop.request_stop(); };
  StageContext context(std::move(context_options));
  options_.command = "echo neve-progress 0; sleep 1000";
  try {
    (void)make_command_stage(options_)->run({}, context);
    FAIL() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
  EXPECT_THAT(leftovers(), IsEmpty());
}

TEST_F(CommandStageTest, AnInputReadInItsPlaceThatChangesMeanwhileFailsTheStage) {
  std::ofstream(options_.folder / "data.txt") << "1";
  options_.inputs = {(options_.folder / "data.txt").string()};
  options_.command =
      "echo more >> " + (options_.folder / "data.txt").string() + "; echo '{}' > $NEVE_OUTPUT_DIR/state.json";
  const StagePtr stage = make_command_stage(options_);
  (void)stage->input_files({});
  EXPECT_THROW((void)stage->run({}, context_), Error);
}

TEST_F(CommandStageTest, TheKeyCoversEverythingTheResultMayDependOn) {
  std::ofstream(options_.folder / "data.txt") << "1";
  options_.command = "a";
  options_.inputs = {"data.txt"};
  options_.key_variables = {"MODE"};
  const std::string before = hash();
  EXPECT_EQ(hash(), before);
  options_.environment["UNDECLARED"] = "1";
  options_.place = "elsewhere:1:1";
  EXPECT_EQ(hash(), before);
  const CommandOptions same = options_;
  const auto changes = {+[](CommandOptions& o) { o.command = "b"; }, +[](CommandOptions& o) { o.config["x"] = 1; },
                        +[](CommandOptions& o) { o.version = "2"; },
                        +[](CommandOptions& o) { o.environment["MODE"] = ""; },
                        +[](CommandOptions& o) { std::ofstream(o.folder / "data.txt") << "2"; }};
  for (const auto change : changes) {
    options_ = same;
    change(options_);
    EXPECT_NE(hash(), before);
    std::ofstream(options_.folder / "data.txt") << "1";
  }
}

TEST_F(CommandStageTest, AConfigThatIsNotFiniteHasNoKey) {
  options_.config = {{"x", NAN}};
  EXPECT_THROW((void)make_command_stage(options_)->config_hash(), Error);
}

TEST_F(CommandStageTest, AnotherConfigKeepsTheRest) {
  options_.command = "cp $NEVE_CONFIG $NEVE_OUTPUT_DIR/state.json";
  const StagePtr stage = make_command_stage(options_)->with_config({{"n", 5}});
  EXPECT_EQ(stage->run({}, context_).meta, Json({{"n", 5}}));
}

}  // namespace
}  // namespace neve
