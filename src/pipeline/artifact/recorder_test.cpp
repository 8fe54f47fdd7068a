#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <unistd.h>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/codec/npy.hpp>

#include "pipeline/test_stages.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;
using testing::Calls;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::RecordingCache;
using testing::source;

/// Keeps what it is given.
class ListRecorder final : public Recorder {
 public:
  [[nodiscard]] ArtifactReference record(const ArtifactAddress& address, const Artifact& artifact) override {
    const std::lock_guard lock(mutex_);
    if (failing) throw Error(ErrorCode::io, "the disk is full");
    const std::string file = address.folder + "/" + address.node + "/" + artifact.name;
    files.push_back(file);
    sizes.push_back(artifact.kind == ArtifactKind::array ? artifact.array().bytes().size() : 0);
    return {.file = file, .sha256 = "digest", .bytes = 1};
  }

  std::vector<std::string> files;
  std::vector<std::size_t> sizes;
  bool failing = false;

 private:
  std::mutex mutex_;
};

StagePtr artist(Calls& calls, std::size_t elements) {
  return make_stage("test.artist", "1", testing::NumberConfig{},
                    [&calls, elements](const testing::NumberConfig&, StageContext& context) {
                      calls.add(context.node());
                      context.plot("curve", Plot{.title = "Curve",
                                                 .x = {.label = "t", .unit = "ps"},
                                                 .lines = {{.label = "a", .x = {0, 1, 2}, .y = {0, 1, 4}}}});
                      context.save("trace", Array::from(std::vector<double>(elements, 2.0)));
                      context.save("fit", Json{{"slope", 2}});
                      return State{};
                    });
}

Pipeline pipeline_of(Calls& calls, std::size_t elements = 4) {
  Pipeline chain("p");
  chain.add("draw", artist(calls, elements));
  return chain;
}

TEST(Recording, NothingIsWrittenUnlessAsked) {
  Calls calls;
  RecordingCache cache;
  const StageResult result = pipeline_of(calls).run({.cache = &cache}).at("draw");
  EXPECT_EQ(result.artifact("curve").reference, ArtifactReference{});
  EXPECT_EQ(result.artifact("trace").array().size(), 4U);
}

TEST(Recording, AHitGivesTheSameReferencesAsTheMiss) {
  Calls calls;
  RecordingCache cache;
  ListRecorder first, second;
  const StageResult miss = pipeline_of(calls).run({.cache = &cache, .recorder = &first}).at("draw");
  const StageResult hit = pipeline_of(calls).run({.cache = &cache, .recorder = &second}).at("draw");
  EXPECT_EQ(calls.count(), 1U);
  EXPECT_THAT(first.files, ElementsAre("p/draw/curve", "p/draw/fit", "p/draw/trace"));
  EXPECT_EQ(second.files, first.files);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(hit.artifacts[i].reference, miss.artifacts[i].reference);
}

TEST(Recording, LargeArraysAreKeptAsPreviewsOnly) {
  Calls calls;
  RecordingCache cache;
  const RunResult cold = pipeline_of(calls, 200'000).run({.cache = &cache});
  const Artifact& trace = cold.at("draw").artifact("trace");
  EXPECT_TRUE(trace.partial);
  EXPECT_EQ(trace.preview.at("shape"), Json({200'000}));
  EXPECT_THROW(static_cast<void>(trace.array()), Error);
  EXPECT_FALSE(cold.at("draw").artifact("fit").partial);
  EXPECT_LT(cache.bytes.begin()->second.size(), 10'000U);
  EXPECT_EQ(pipeline_of(calls, 200'000).run({.cache = &cache}).report.stages[0].outcome, StageOutcome::hit);
}

TEST(Recording, APartialHitIsComputedAgainForTheRecorder) {
  Calls calls;
  RecordingCache cache;
  ListRecorder recorder;
  static_cast<void>(pipeline_of(calls, 200'000).run({.cache = &cache}));
  const std::string stored = cache.bytes.begin()->second;
  const RunResult recorded = pipeline_of(calls, 200'000).run({.cache = &cache, .recorder = &recorder});
  EXPECT_EQ(calls.count(), 2U);
  EXPECT_EQ(recorded.at("draw").provenance.cache.reason, "recording asked for full 'trace'");
  EXPECT_EQ(recorder.sizes.back(), 1'600'000U);
  EXPECT_TRUE(recorded.at("draw").artifact("trace").partial);
  EXPECT_EQ(cache.bytes.begin()->second, stored);
}

TEST(Recording, WhetherSomebodyRecordsChangesNoStoredByte) {
  Calls calls;
  RecordingCache with, without;
  ListRecorder recorder;
  static_cast<void>(pipeline_of(calls).run({.cache = &with, .recorder = &recorder}));
  static_cast<void>(pipeline_of(calls).run({.cache = &without}));
  EXPECT_EQ(with.bytes, without.bytes);
}

TEST(Recording, AFailingRecorderIsAWarning) {
  Calls calls;
  ListRecorder recorder;
  recorder.failing = true;
  const RunResult result = pipeline_of(calls).run({.recorder = &recorder});
  EXPECT_EQ(result.report.warnings.size(), 3U);
  EXPECT_THAT(result.report.warnings[0], HasSubstr("artifact 'draw/curve' was not written: the disk is full"));
}

TEST(Recording, OneNameCannotBeUsedTwice) {
  Pipeline chain("p");
  chain.add("twice", testing::action([](StageContext& context) {
              context.save("x", Json(1));
              context.save("x", Json(2));
              return testing::Number{};
            }));
  EXPECT_THAT(chain.try_run().failures.at(0).message, HasSubstr("artifact 'x' is recorded twice"));
}

TEST(Recording, ADocumentThatIsNoTextIsNamed) {
  Pipeline chain("p");
  chain.add("odd", testing::action([](StageContext& context) {
              context.save("x", Json("not \xff UTF-8"));
              return testing::Number{};
            }));
  EXPECT_THAT(chain.try_run().failures.at(0).message, HasSubstr("artifact 'x': a text at the root is not UTF-8"));
}

TEST(FolderRecorder, WritesPicturesArraysAndDocuments) {
  Calls calls;
  const TemporaryFolder folder;
  FolderRecorder recorder(folder.path() / "out");
  const StageResult result = pipeline_of(calls).run({.recorder = &recorder}).at("draw");
  EXPECT_EQ(recorder.warning(), "");
  const ArtifactReference& picture = result.artifact("curve").reference;
  EXPECT_EQ(picture.file, "p/draw/curve.png");
  const Bytes png = read_file(folder.path() / "out" / picture.file).value();
  EXPECT_EQ(png.text().substr(1, 3), "PNG");
  EXPECT_EQ(png.size(), picture.bytes);
  EXPECT_EQ(sha256_hex(png.span()), picture.sha256);
  EXPECT_EQ(read_npy(read_file(folder.path() / "out/p/draw/trace.npy").value()).as<double>()[3], 2.0);
  EXPECT_EQ(read_file(folder.path() / "out/p/draw/fit.json").value().text(), "{\"slope\": 2}\n");
}

TEST(FolderRecorder, WritesAFinishedPictureAsItIs) {
  const std::string png("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x02\0\0\0\x01\x08\x02\0\0\0abcd", 33);
  Pipeline chain("p");
  chain.add("draw", testing::action([&](StageContext& context) {
              context.image("figure", Bytes::from(png));
              return testing::Number{};
            }));
  RecordingCache cache;
  const TemporaryFolder folder;
  static_cast<void>(chain.run({.cache = &cache}));
  FolderRecorder recorder(folder.path());
  const RunResult hit = chain.run({.cache = &cache, .recorder = &recorder});
  EXPECT_EQ(hit.report.stages[0].outcome, StageOutcome::hit);
  EXPECT_EQ(hit.at("draw").artifact("figure").reference.file, "p/draw/figure.png");
  EXPECT_EQ(read_file(folder.path() / "p/draw/figure.png").value().text(), png);
}

TEST(FolderRecorder, DrawsTheSamePictureAgain) {
  Calls calls;
  const TemporaryFolder folder;
  FolderRecorder recorder(folder.path());
  const Artifact map = make_artifact("map", Plot{.title = "Δ \"quoted\" 'text' \\",
                                                 .color = {.label = "S", .scale = Scale::db},
                                                 .map = HeatMap{.x = {0, 1, 2}, .y = {0, 1}, .z = {1, 2, 3, 4, 5, 0}}});
  const ArtifactReference once = recorder.record({"a", "n"}, map);
  const ArtifactReference twice = recorder.record({"b", "n"}, map);
  EXPECT_EQ(once.sha256, twice.sha256);
  EXPECT_EQ(recorder.warning(), "");
}

TEST(FolderRecorder, WithoutGnuplotTheDataAreWritten) {
  Calls calls;
  const TemporaryFolder folder;
  FolderRecorder recorder(folder.path(), {.gnuplot = "no-such-gnuplot"});
  const RunResult result = pipeline_of(calls).run({.recorder = &recorder});
  EXPECT_EQ(result.at("draw").artifact("curve").reference.file, "p/draw/curve.json");
  EXPECT_TRUE(fs::exists(folder.path() / "p/draw/curve.line0.y.npy"));
  ASSERT_EQ(result.report.warnings.size(), 1U);
  EXPECT_THAT(result.report.warnings[0], HasSubstr("'no-such-gnuplot' is not installed"));
}

TEST(FolderRecorder, AGnuplotThatHangsIsKilledWithWhatItStartedAndNotAskedAgain) {
  const TemporaryFolder folder;
  const fs::path program = folder.path() / "gnuplot";
  const std::string_view script = "#!/bin/sh\nsleep 100000 &\nwait\n";
  replace_file(program, as_byte_span(script), Durability::none);
  fs::permissions(program, fs::perms::owner_all);
  std::array<int, 2> alive{};  // its children inherit the writing end
  ASSERT_EQ(::pipe(alive.data()), 0);
  Calls calls;
  FolderRecorder recorder(folder.path(), {.gnuplot = program.string(), .draw_limit = std::chrono::milliseconds(300)});
  const RunResult result = pipeline_of(calls).run({.recorder = &recorder});
  EXPECT_EQ(result.at("draw").artifact("curve").reference.file, "p/draw/curve.json");
  ASSERT_EQ(result.report.warnings.size(), 1U);
  EXPECT_THAT(result.report.warnings[0], HasSubstr("did not draw within 300 ms and was killed"));
  ::close(alive[1]);
  char none = 0;
  EXPECT_EQ(::read(alive[0], &none, 1), 0) << "ends when nobody has the other end any more";
  ::close(alive[0]);
  fs::remove(program);
  const Artifact plot = make_artifact("again", Plot{.lines = {{.x = {1, 2}, .y = {1, 2}}}});
  EXPECT_EQ(recorder.record({"p", "n"}, plot).file, "p/n/again.json");
  EXPECT_THAT(recorder.warning(), HasSubstr("was killed")) << "it would be missing if it had been asked for again";
}

}  // namespace
}  // namespace neve
