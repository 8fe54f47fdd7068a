#include "pipeline/command/command_output.hpp"

#include <cerrno>
#include <fstream>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/codec/npy.hpp>
#include <neve/codec/npz.hpp>

#include "support/failing_call.hpp"
#include "support/refusal.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CommandOutput : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name) << text;
  }
  void write_pieces(const std::string& name, const std::vector<Bytes>& pieces) {
    std::string text;
    for (const Bytes& piece : pieces) text += piece.text();
    write(name, text);
  }
  State read() { return read_command_output(folder_.path(), limits_, context_); }
  std::string refusal(ErrorCode code = ErrorCode::stage_failed) {
    return refusal_of([&] { (void)read(); }, code);
  }

  TemporaryFolder folder_;
  CommandLimits limits_;
  StageContext context_;
  const Array array_ = Array::from(std::vector<double>{1, 2, 3});
};

TEST_F(CommandOutput, BecomesStateMetricsAndArtifacts) {
  write_pieces("a.npy", gather_npy(array_));
  write_pieces("more.npz", gather_npz({{"b", array_}, {"c", array_}}, {}));
  write("state.json", R"({"unit": "m"})");
  write("metrics.json", R"({"energy_j": 1.5, "count": 2})");
  write("artifacts/note.json", R"(["x"])");
  write_pieces("artifacts/trace.npy", gather_npy(array_));
  const State state = read();
  EXPECT_EQ(state.meta, Json({{"unit", "m"}}));
  EXPECT_EQ(state.arrays.size(), 3U);
  EXPECT_EQ(state.arrays.at("a"), array_);
  EXPECT_EQ(state.arrays.at("c"), array_);
  EXPECT_EQ(context_.metrics(), (Metrics{{"energy_j", 1.5}, {"count", 2}}));
  EXPECT_EQ(context_.artifacts().size(), 2U);
}

/// The beginning of a PNG of 640 by 480 pixels; nobody looks further.
const std::string kPicture("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0abcd", 33);

TEST_F(CommandOutput, APictureIsKeptByteByByte) {
  write("state.json", "{}");
  write("artifacts/fit.png", kPicture);
  (void)read();
  ASSERT_EQ(context_.artifacts().size(), 1U);
  const Artifact fit = context_.artifacts().front();
  EXPECT_EQ(fit.name, "fit");
  EXPECT_EQ(fit.kind, ArtifactKind::image);
  EXPECT_EQ(fit.image().text(), kPicture);
  EXPECT_EQ(fit.preview, Json({{"bytes", 33}, {"format", "png"}, {"height", 480}, {"width", 640}}));
}

TEST_F(CommandOutput, AnArtifactThatCannotBeTakenCostsAWarningAndNotTheResult) {
  std::vector<std::string> warnings;
  StageContextOptions options;
  options.on_warning = [&](std::string_view text) { warnings.emplace_back(text); };
  StageContext context(std::move(options));
  write("state.json", R"({"unit": "m"})");
  write("artifacts/fine.json", "1");
  write("artifacts/fit.pdf", "%PDF");
  write("artifacts/no picture.png", kPicture);
  write("artifacts/nothing.json", "{");
  write("artifacts/text.png", "not a picture, however long it may be");
  std::string flat = kPicture;
  flat.replace(16, 4, 4, '\0');
  write("artifacts/flat.png", flat);
  fs::create_symlink("/etc/passwd", folder_.path() / "artifacts/link.npy");
  const State state = read_command_output(folder_.path(), limits_, context);
  EXPECT_EQ(state.meta, Json({{"unit", "m"}}));
  ASSERT_EQ(context.artifacts().size(), 1U);
  EXPECT_EQ(context.artifacts().front().name, "fine");
  EXPECT_THAT(warnings, testing::UnorderedElementsAre(
                            HasSubstr("'artifacts/fit.pdf' in its output folder, which is none of *.npy, *.json and "),
                            HasSubstr("artifact 'no picture': a name has"), HasSubstr("'artifacts/nothing.json': "),
                            HasSubstr("artifact 'text' does not begin as a PNG"),
                            HasSubstr("artifact 'flat' is a PNG with a side of 0 pixels"),
                            HasSubstr("'artifacts/link.npy' in its output folder, which is a symbolic link")));
}

TEST_F(CommandOutput, MustNotBeEmpty) { EXPECT_THAT(refusal(), HasSubstr("left nothing in its output folder")); }

TEST_F(CommandOutput, MayBeEmptyWhereSo) {
  limits_.fewest_files = 0;
  EXPECT_TRUE(read().meta.empty());
}

TEST_F(CommandOutput, AFolderThatCannotBeListedIsNotTakenForAnEmptyOne) {
  write("state.json", "{}");
  EXPECT_TRUE(in_child([&] {
    fail_system_call(SYS_getdents64, EIO);
    EXPECT_THAT(refusal(ErrorCode::io), HasSubstr("cannot list the command's output folder"));
    require(!HasFailure(), "the failure was not told");
  }));
}

TEST_F(CommandOutput, OfAnotherKindIsRefused) {
  write("result.csv", "1");
  EXPECT_THAT(refusal(), HasSubstr("'result.csv'"));
}

TEST_F(CommandOutput, AnArrayTwiceIsRefused) {
  write_pieces("a.npy", gather_npy(array_));
  write_pieces("more.npz", gather_npz({{"a", array_}}, {}));
  EXPECT_THAT(refusal(), HasSubstr("an array 'a' that another file holds"));
}

TEST_F(CommandOutput, LinksAndSpecialFilesAreRefused) {
  write("outside/secret.npy", "");
  fs::create_symlink("/etc/passwd", folder_.path() / "state.json");
  fs::remove_all(folder_.path() / "outside");
  EXPECT_THAT(refusal(), HasSubstr("'state.json' in its output folder, which is a symbolic link"));
  fs::remove(folder_.path() / "state.json");
  ASSERT_EQ(::mkfifo((folder_.path() / "state.json").c_str(), 0600), 0);
  EXPECT_THAT(refusal(), HasSubstr("is not a regular file"));
  fs::remove(folder_.path() / "state.json");
  fs::create_directory_symlink("/etc", folder_.path() / "artifacts");
  EXPECT_THAT(refusal(), HasSubstr("'artifacts' in its output folder, which must be a folder"));
}

TEST_F(CommandOutput, ObjectArraysAreRefusedByName) {
  const std::string header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }";
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(header.size() + 1);
  text += '\0';
  write("bad.npy", text + header + "\n" + "cpickle");
  EXPECT_THAT(refusal(ErrorCode::unsupported), HasSubstr("bad.npy"));
}

TEST_F(CommandOutput, SizesAreBounded) {
  limits_.array_bytes = 100;
  write_pieces("a.npy", gather_npy(array_));
  EXPECT_THAT(refusal(ErrorCode::too_large), HasSubstr("a.npy"));
  fs::remove(folder_.path() / "a.npy");
  limits_.json_bytes = 4;
  write("state.json", R"({"a": 1})");
  EXPECT_THAT(refusal(ErrorCode::too_large), HasSubstr("state.json"));
  limits_.files = 1;
  write("metrics.json", "{}");
  EXPECT_THAT(refusal(ErrorCode::too_large), HasSubstr("more than 1 files"));
}

TEST_F(CommandOutput, ACompressedFileCountsWithWhatItHolds) {
  limits_.array_bytes = 1 << 20;
  NpzWriteOptions options;
  options.compression = Compression::small;
  write_pieces("zeros.npz", gather_npz({{"z", Array::from(std::vector<double>(std::size_t{1} << 20))}}, options));
  ASSERT_LT(fs::file_size(folder_.path() / "zeros.npz"), 100'000U);
  EXPECT_THAT(refusal(ErrorCode::too_large), HasSubstr("zeros.npz"));
}

TEST_F(CommandOutput, MetricsMustBeNumbersAndStateAnObject) {
  write("metrics.json", R"({"name": "x"})");
  EXPECT_THAT(refusal(), HasSubstr("'name' is not one"));
  write("metrics.json", "[]");
  EXPECT_THAT(refusal(), HasSubstr("must hold a JSON object"));
  write("metrics.json", "{");
  EXPECT_THAT(refusal(), HasSubstr("metrics.json"));
}

TEST_F(CommandOutput, AFileCutShortIsTheCommandsFailureSoThatItIsTriedAgain) {
  for (const std::string name : {"a.npy", "a.npz"}) {
    write_pieces(name, name == "a.npy" ? gather_npy(array_) : gather_npz({{"a", array_}}, {}));
    fs::resize_file(folder_.path() / name, fs::file_size(folder_.path() / name) - 1);
    EXPECT_THAT(refusal(), HasSubstr(name));
    fs::remove(folder_.path() / name);
  }
  write("state.json", R"({"a": )");
  EXPECT_THAT(refusal(), HasSubstr("state.json"));
}

}  // namespace
}  // namespace neve
