// The files of an answer: damaged, missing, more of them than the store may hold.
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataset/analysis/analysis_fixture.hpp"
#include "support/comma_locale.hpp"

namespace neve::dataset {
namespace {

using testing::HasSubstr;

TEST_F(AnalysisTest, CachedAnswerWhoseArtifactsAreGoneIsMadeAgain) {
  Analyses analyses = this->analyses();
  static_cast<void>(ask(analyses));
  drop_artifacts();
  const AnalysisAnswer again = ask(analyses);
  EXPECT_EQ(again.source, AnswerSource::computed);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(std::filesystem::exists(artifact(again, i)));
}

TEST_F(AnalysisTest, DamagedArtifactsAreMadeAgainWithTheSameBytes) {
  cache_ = nullptr;
  Analyses analyses = this->analyses();
  const AnalysisAnswer first = ask(analyses);
  for (std::size_t i = 0; i < 3; ++i) {
    std::ofstream(artifact(first, i), std::ios::app) << "x";
    const AnalysisAnswer again = ask(analyses);
    EXPECT_EQ(again.source, AnswerSource::computed);
    EXPECT_EQ(again.files, first.files);
    EXPECT_EQ(std::filesystem::file_size(artifact(first, i)), first.files[i].bytes);
  }
  std::ofstream(artifact(first, 0).parent_path() / "manifest.json") << "{";
  EXPECT_EQ(ask(analyses).source, AnswerSource::computed);
  EXPECT_EQ(ask(analyses).source, AnswerSource::artifact);
}

TEST_F(AnalysisTest, FilesHaveTheSameBytesWhereNumbersHaveCommas) {
  Analyses analyses = this->analyses();
  const AnalysisAnswer first = ask(analyses);
  drop_artifacts();
  const CommaLocale locale;
  const AnalysisAnswer again = ask(analyses);
  EXPECT_EQ(again.source, AnswerSource::computed);
  EXPECT_EQ(again.files, first.files);
}

/// Another byte in place of one, as a disk may give it.
void damage(const std::filesystem::path& file) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(-1, std::ios::end);
  const int last = stream.get();
  stream.seekp(-1, std::ios::end);
  stream.put(static_cast<char>(last ^ 1));
}

TEST_F(AnalysisTest, CachedAnswerIsMadeAgainIfAnyOfItsFilesIsMissingOrDamaged) {
  Analyses analyses = this->analyses();
  const AnalysisAnswer first = ask(analyses);
  const std::filesystem::path manifest = artifact(first, 0).parent_path() / "manifest.json";
  for (std::size_t i = 0; i < 3; ++i) {
    for (const bool remove : {true, false}) {
      remove ? static_cast<void>(std::filesystem::remove(artifact(first, i))) : damage(artifact(first, i));
      const AnalysisAnswer again = ask(analyses);
      EXPECT_EQ(again.source, AnswerSource::computed) << first.files[i].format << remove;
      EXPECT_EQ(file_sha256(artifact(again, i)), first.files[i].sha256) << first.files[i].format << remove;
    }
  }
  std::ofstream(manifest).flush();
  EXPECT_EQ(ask(analyses).source, AnswerSource::computed);
  EXPECT_EQ(ask(analyses).source, AnswerSource::cache);
}

/// The files have long been as they are, so that what was found in them may be remembered.
TEST_F(AnalysisTest, WhatHappensToFilesThatWereFoundIntactIsNoticedAllTheSame) {
  const auto an_hour_ahead = Clock::system().now() + std::chrono::hours(1);
  const auto an_hour_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  clock_.advance(an_hour_ahead - clock_.now());
  Analyses analyses = this->analyses();
  const AnalysisAnswer first = ask(analyses);
  const std::filesystem::path folder = artifact(first, 0).parent_path();
  const auto remembered = [&] {
    // Whatever is written to them now is no longer of that time, however soon it is.
    for (std::size_t i = 0; i < 3; ++i) std::filesystem::last_write_time(artifact(first, i), an_hour_ago);
    return ask(analyses).source == AnswerSource::cache && ask(analyses).source == AnswerSource::cache;
  };
  std::vector<std::function<void()>> mishaps = {
      [&] { std::ofstream(folder / "manifest.json").flush(); },
      [&] { std::filesystem::remove(folder / "manifest.json"); },
      [&] { std::filesystem::rename(folder, folder.string() + "-elsewhere"); },
      [&] { drop_artifacts(); },
  };
  for (std::size_t i = 0; i < 3; ++i) {
    const std::filesystem::path file = artifact(first, i);
    mishaps.emplace_back([file] { damage(file); });
    mishaps.emplace_back([file] { std::filesystem::remove(file); });
    mishaps.emplace_back([file] {
      std::filesystem::copy_file(file, file.string() + "-other");
      damage(file.string() + "-other");
      std::filesystem::rename(file.string() + "-other", file);
    });
  }
  for (std::size_t i = 0; i < mishaps.size(); ++i) {
    ASSERT_TRUE(remembered()) << i;
    mishaps[i]();
    const AnalysisAnswer again = ask(analyses);
    EXPECT_EQ(again.source, AnswerSource::computed) << i;
    for (std::size_t file = 0; file < 3; ++file)
      EXPECT_EQ(file_sha256(artifact(again, file)), first.files[file].sha256);
  }
}

TEST_F(AnalysisTest, ComputingAgainMendsADamagedFile) {
  Analyses analyses = this->analyses();
  const AnalysisAnswer first = ask(analyses);
  damage(artifact(first, 1));
  static_cast<void>(ask(analyses, Lookup::bypass));
  EXPECT_EQ(file_sha256(artifact(first, 1)), first.files[1].sha256);
}

TEST_F(AnalysisTest, AnswerWhoseArtifactsCannotBeWrittenIsInTheCacheAllTheSame) {
  const std::filesystem::path staging = StoreLayout{store_.store().root()}.staging();
  std::filesystem::remove_all(staging);
  std::ofstream(staging).flush();  // no folder can be made in it
  Analyses analyses = this->analyses();
  EXPECT_TRUE(ask(analyses).files.empty());
  const AnalysisAnswer again = ask(analyses);
  EXPECT_EQ(again.source, AnswerSource::cache);
  EXPECT_TRUE(again.files.empty());
  std::filesystem::remove(staging);
  Analyses elsewhere = this->analyses();  // has not met the fault
  EXPECT_EQ(ask(elsewhere).files.size(), 3U);
  EXPECT_EQ(ask(analyses).files.size(), 3U);
}

TEST_F(AnalysisTest, FormulasInNamesAreNeutralInCsvAndNumbersUntouched) {
  Analyses analyses = this->analyses();
  params_.filter = "customer = '=SUM(A1)' or customer = 'b'";
  params_.grain = Grain::none;
  store_.publish("sales", "SELECT customer, date, -5 * revenue AS revenue FROM (" + kRows + ")");
  const AnalysisAnswer answer = ask(analyses);
  std::ifstream file(artifact(answer, 1));
  const std::string csv((std::istreambuf_iterator<char>(file)), {});
  EXPECT_THAT(csv, HasSubstr(",-10,"));
  store_.publish("sales", "SELECT '=SUM(A1)' AS customer, date, revenue FROM (" + kRows + ")");
  std::ifstream second(artifact(ask(analyses), 1));
  const std::string formulas((std::istreambuf_iterator<char>(second)), {});
  EXPECT_THAT(formulas, HasSubstr(",'=SUM(A1),"));
  EXPECT_THAT(formulas, testing::Not(HasSubstr(",=SUM")));
}

TEST_F(AnalysisTest, PathsOutsideTheStoreAreNotArtifacts) {
  const Analyses analyses = this->analyses();
  for (const char* path : {"../secret", "/etc/passwd", "datasets/../../x", ""}) {
    EXPECT_THROW(static_cast<void>(analyses.locate({"json", path, "", 0})), Error) << path;
  }
}

class ArtifactLimitTest : public AnalysisTest {
 protected:
  /// The answer to the question with this one threshold.
  [[nodiscard]] AnalysisAnswer ask_of(Analyses& analyses, int percent) const {
    ConcentrationParams params = params_;
    params.thresholds = parse_thresholds(std::to_string(percent));
    return analyses.concentration("sales", params);
  }
  [[nodiscard]] std::uint64_t bytes_of_one() const {
    Analyses unbounded(store_.store(), nullptr, {});
    std::uint64_t bytes = 0;
    for (const ArtifactFile& file : ask_of(unbounded, 1).files) bytes += file.bytes;
    std::filesystem::remove_all(store_.store().find("sales").analyses);
    return bytes;
  }
  [[nodiscard]] Analyses bounded(std::uint64_t bytes) const {
    AnalysesOptions options;
    options.artifact_bytes = bytes;
    return {store_.store(), cache_, options};
  }
  [[nodiscard]] bool there(const AnalysisAnswer& answer) const { return std::filesystem::exists(artifact(answer, 0)); }
  /// As if the answer had been used so long ago.
  void age(const AnalysisAnswer& answer, std::chrono::hours age) const {
    const std::filesystem::path folder = artifact(answer, 0).parent_path();
    for (const auto& file : std::filesystem::directory_iterator(folder))
      std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - age);
  }
};

TEST_F(ArtifactLimitTest, TheLeastRecentlyUsedArtifactsMakeRoom) {
  Analyses analyses = bounded(bytes_of_one() * 7 / 2);
  const AnalysisAnswer oldest = ask_of(analyses, 10);
  const AnalysisAnswer other = ask_of(analyses, 20);
  const AnalysisAnswer older = ask_of(analyses, 30);
  age(oldest, std::chrono::hours(3));
  age(older, std::chrono::hours(2));
  age(other, std::chrono::hours(1));
  EXPECT_EQ(ask_of(analyses, 10).source, AnswerSource::cache) << "which is a use of its artifacts";
  const AnalysisAnswer last = ask_of(analyses, 40);
  EXPECT_FALSE(there(older));
  for (const AnalysisAnswer* kept : {&oldest, &other, &last}) EXPECT_TRUE(there(*kept));
  for (const auto& item : std::filesystem::directory_iterator(store_.store().root() / ".staging"))
    EXPECT_FALSE(item.is_directory()) << item.path();
  const AnalysisAnswer again = ask_of(analyses, 30);
  EXPECT_EQ(again.source, AnswerSource::computed) << "its links would lead nowhere";
  EXPECT_EQ(again.document.text(), older.document.text());
  EXPECT_TRUE(there(again));
}

TEST_F(ArtifactLimitTest, WhatAnAnswerJustGotStays) {
  Analyses analyses = bounded(1);
  const AnalysisAnswer first = ask_of(analyses, 10);
  EXPECT_TRUE(there(first));
  const AnalysisAnswer second = ask_of(analyses, 20);
  EXPECT_FALSE(there(first));
  EXPECT_TRUE(there(second));
}

TEST_F(ArtifactLimitTest, WhatSomebodyPutBesideTheArtifactsStays) {
  Analyses analyses = bounded(1);
  static_cast<void>(ask_of(analyses, 10));
  const std::filesystem::path notes = store_.store().find("sales").analyses / "notes";
  std::filesystem::create_directory(notes);
  std::filesystem::create_directory_symlink(notes, notes.parent_path() / std::string(64, 'a'));
  static_cast<void>(ask_of(analyses, 20));
  EXPECT_TRUE(std::filesystem::exists(notes));
  EXPECT_TRUE(std::filesystem::is_symlink(notes.parent_path() / std::string(64, 'a')));
}

TEST_F(ArtifactLimitTest, ArtifactsOfOtherProcessesCount) {
  Analyses other = bounded(std::uint64_t{1} << 30);
  const AnalysisAnswer theirs = ask_of(other, 10);
  age(theirs, std::chrono::hours(1));
  Analyses analyses = bounded(1);
  EXPECT_TRUE(there(ask_of(analyses, 20)));
  EXPECT_FALSE(there(theirs));
}

TEST_F(ArtifactLimitTest, AFileThatIsOpenCanBeReadToItsEnd) {
  Analyses analyses = bounded(1);
  const AnalysisAnswer answer = ask_of(analyses, 10);
  std::ifstream file(artifact(answer, 0));
  (void)ask_of(analyses, 20);
  ASSERT_FALSE(there(answer));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), answer.document.text());
}

}  // namespace
}  // namespace neve::dataset
