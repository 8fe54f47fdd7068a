#include <neve/dataset/analysis/analysis.hpp>

#include <fstream>
#include <functional>
#include <latch>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/cache/memory_cache.hpp>

#include "dataset/analysis/test_store.hpp"

namespace neve::dataset {
namespace {

using testing::HasSubstr;

const std::string kRows =
    "SELECT * FROM (VALUES ('a', DATE '2024-01-01', 5::DECIMAL(18,6)), ('b', DATE '2024-02-01', 3), "
    "('=SUM(A1)', DATE '2024-02-01', -1)) t(customer, date, revenue)";
const std::string kOtherRows = "SELECT 'z' AS customer, DATE '2024-01-01' AS date, 9::DECIMAL(18,6) AS revenue";

std::string total_of(const AnalysisAnswer& answer) {
  return read_analysis_document(answer.document.text()).result.total.total.text();
}

/// A backend that can be told to fail, to refuse stores, or to run something before each lookup or store.
class ScriptedBackend final : public CacheBackend {
 public:
  explicit ScriptedBackend(std::shared_ptr<CacheBackend> backend) : backend_(std::move(backend)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "scripted"; }
  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    if (before_lookup) before_lookup(key);
    if (away) throw Error(ErrorCode::unavailable, "the server is away");
    return backend_->lookup(key, options);
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    if (away) throw Error(ErrorCode::unavailable, "the server is away");
    if (full) return {false, 0, "full", 0};
    last_expiry = options.expires_at;
    return backend_->store(key, entry, options);
  }
  bool erase(const Key& key) override { return backend_->erase(key); }
  [[nodiscard]] bool contains(const Key& key) override { return backend_->contains(key); }
  [[nodiscard]] Usage usage() override { return backend_->usage(); }

  std::function<void(const Key&)> before_lookup;
  std::atomic<bool> away{false};
  std::atomic<bool> full{false};
  std::optional<TimePoint> last_expiry;

 private:
  std::shared_ptr<CacheBackend> backend_;
};

class AnalysisTest : public testing::Test {
 protected:
  AnalysisTest() { store_.publish("sales", kRows); }

  [[nodiscard]] std::shared_ptr<AnalysisCache> cache_with(const std::string& secret) {
    AnalysisCacheOptions options;
    options.secret = secret;
    options.clock = &clock_;
    options.log = [this](const std::string& line) { log_.push_back(line); };
    return std::make_shared<AnalysisCache>(backend_, options);
  }
  [[nodiscard]] Analyses analyses() { return {store_.store(), cache_, {}}; }
  [[nodiscard]] AnalysisAnswer ask(Analyses& analyses, Lookup lookup = Lookup::normal) const {
    return analyses.concentration("sales", params_, {}, lookup);
  }
  void drop_artifacts() { std::filesystem::remove_all(store_.store().find("sales").analyses); }
  [[nodiscard]] std::filesystem::path artifact(const AnalysisAnswer& answer, std::size_t index) const {
    return store_.store().root() / answer.files.at(index).path;
  }

  ManualClock clock_{TimePoint(std::chrono::hours(24 * 365 * 50))};
  TestStore store_{clock_};
  std::shared_ptr<MemoryCache> memory_ = std::make_shared<MemoryCache>([this] {
    MemoryCacheOptions options;
    options.clock = &clock_;
    return options;
  }());
  std::shared_ptr<ScriptedBackend> backend_ = std::make_shared<ScriptedBackend>(memory_);
  std::vector<std::string> log_;
  std::shared_ptr<AnalysisCache> cache_ = cache_with("a secret");
  ConcentrationParams params_{"customer", "revenue", Grain::automatic, default_thresholds(), {}};
};

TEST_F(AnalysisTest, AnswersComeFromRowsThenTheCacheThenArtifacts) {
  Analyses analyses = this->analyses();
  const AnalysisAnswer first = ask(analyses);
  EXPECT_EQ(first.source, AnswerSource::computed);
  const AnalysisAnswer second = ask(analyses);
  EXPECT_EQ(second.source, AnswerSource::cache);
  EXPECT_EQ(second.tier, "memory");
  cache_->erase("sales", first.params_hash);
  const AnalysisAnswer third = ask(analyses);
  EXPECT_EQ(third.source, AnswerSource::artifact);
  EXPECT_EQ(ask(analyses).source, AnswerSource::cache);  // filled on the miss
  const AnalysisAnswer anew = ask(analyses, Lookup::bypass);
  EXPECT_EQ(anew.source, AnswerSource::computed);
  for (const AnalysisAnswer* answer : {&second, &third, &anew}) {
    EXPECT_EQ(answer->document.text(), first.document.text());
    EXPECT_EQ(answer->files, first.files);
  }
}

TEST_F(AnalysisTest, KeysAreThoseOfTheContract) {
  Analyses analyses = this->analyses();
  const AnalysisAnswer answer = ask(analyses);
  EXPECT_TRUE(memory_->contains(Key("analysis:sales:" + answer.params_hash)));
  EXPECT_TRUE(memory_->contains(Key("schema_summary:sales")));
  const std::string thresholds = sha256_hex(std::string_view("[\"10\",\"20\",\"50\"]"));
  EXPECT_EQ(answer.params_hash, sha256_hex("{\"group_by\":\"customer\",\"period_grain\":\"year_month\","
                                           "\"thresholds_hash\":\"" +
                                           thresholds + "\",\"value\":\"revenue\"}"));
}

TEST_F(AnalysisTest, SpellingsOfOneQuestionShareItsAnswer) {
  Analyses analyses = this->analyses();
  const AnalysisAnswer first = ask(analyses);
  params_.grain = Grain::month;
  params_.thresholds = parse_thresholds("50, 20.0,10,20");
  EXPECT_EQ(ask(analyses).source, AnswerSource::cache);
  params_.filter = "revenue > 0";
  EXPECT_EQ(ask(analyses).source, AnswerSource::computed);
  params_.filter = "(revenue>0.0)";
  EXPECT_EQ(ask(analyses).source, AnswerSource::cache);
}

TEST_F(AnalysisTest, NewGenerationMakesEverythingOldInvalid) {
  Analyses analyses = this->analyses();
  EXPECT_EQ(total_of(ask(analyses)), "7");
  store_.publish("sales", kOtherRows);
  const AnalysisAnswer after = ask(analyses);
  EXPECT_EQ(after.source, AnswerSource::computed);
  EXPECT_EQ(after.generation, 2U);
  EXPECT_EQ(total_of(after), "9");
  EXPECT_GE(cache_->statistics().stale, 1U);
}

TEST_F(AnalysisTest, RecordIsReadAnewWhenItsFileChangesAndOnlyThen) {
  const DatasetStore& store = store_.store();
  const auto first = store.current("sales");
  EXPECT_EQ(store.current("sales"), first);
  store_.publish("sales", kOtherRows);
  const auto second = store.current("sales");
  EXPECT_EQ(first->generation, 1U);
  EXPECT_EQ(second->generation, 2U);
  store.remove("sales");
  EXPECT_THROW(static_cast<void>(store.current("sales")), Error);
}

/// Its file has long been as it is, so that it need not be read each time.
TEST_F(AnalysisTest, RecordThatChangesAfterALongTimeIsReadAnew) {
  const auto an_hour_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  clock_.advance(Clock::system().now() + std::chrono::hours(1) - clock_.now());
  const DatasetStore& store = store_.store();
  const std::filesystem::path file = record_file(StoreLayout{store.root()}.dataset("sales"));
  const auto age = [&] {
    // What is written to it now is no longer of that time, however soon it is.
    std::filesystem::last_write_time(file, an_hour_ago);
    EXPECT_EQ(store.current("sales"), store.current("sales"));
  };
  age();
  store_.publish("sales", kOtherRows);
  EXPECT_EQ(store.current("sales")->generation, 2U);
  age();
  std::string text = std::string(read_file(file, 1 << 20)->text());
  text.replace(text.find("sales.csv"), 9, "sells.csv");
  std::ofstream(file, std::ios::in | std::ios::out) << text;  // in place, of the same length
  EXPECT_EQ(store.current("sales")->source_name, "sells.csv");
  age();
  store.remove("sales");
  EXPECT_THROW(static_cast<void>(store.current("sales")), Error);
}

TEST_F(AnalysisTest, RemovedDatasetIsUnknownAndItsSuccessorStartsAnew) {
  Analyses analyses = this->analyses();
  static_cast<void>(ask(analyses));
  store_.store().remove("sales");
  analyses.dataset_removed("sales");
  EXPECT_THROW(static_cast<void>(ask(analyses)), Error);
  store_.publish("sales", kOtherRows);
  EXPECT_EQ(total_of(ask(analyses)), "9");
}

TEST_F(AnalysisTest, UploadDuringAnAnalysisNeverPublishesTheOldResult) {
  Analyses analyses = this->analyses();
  // The upload happens when the question has read its generation and looks for the answer.
  bool uploaded = false;
  backend_->before_lookup = [&](const Key& key) {
    if (uploaded || !key.text().starts_with("analysis:")) return;
    uploaded = true;
    store_.publish("sales", kOtherRows);
  };
  const AnalysisAnswer answer = ask(analyses);
  EXPECT_EQ(answer.generation, 2U);
  EXPECT_EQ(total_of(answer), "9");
  EXPECT_EQ(analyses.statistics().superseded, 1U);
  Analyses other = this->analyses();
  EXPECT_EQ(total_of(ask(other)), "9");
}

TEST_F(AnalysisTest, LateWriterOfAnOldGenerationIsNotBelieved) {
  Analyses analyses = this->analyses();
  const AnalysisAnswer old = ask(analyses);
  const DatasetRecord old_record = store_.store().find("sales");
  store_.publish("sales", kOtherRows);
  EXPECT_EQ(total_of(ask(analyses)), "9");
  // Another instance, slow, publishes what it computed from the generation before: cache and artifacts.
  cache_->set(old_record, old.params_hash, {old.document, old.files}, 1);
  const ArtifactFolder late(store_.store(), old_record.analyses, old.params_hash, old_record.generation);
  static_cast<void>(late.write(read_analysis_document(old.document.text())));
  const AnalysisAnswer again = ask(analyses);
  EXPECT_EQ(total_of(again), "9");
  EXPECT_EQ(again.generation, 2U);
}

TEST_F(AnalysisTest, ForgedEntriesAreRefusedAndReported) {
  Analyses analyses = this->analyses();
  const AnalysisAnswer honest = ask(analyses);
  EXPECT_EQ(ask(analyses).source, AnswerSource::cache) << "and is known to be genuine from now on";
  const Key key("analysis:sales:" + honest.params_hash);
  Entry forged = *memory_->lookup(key, {}).entry;
  std::string text(honest.document.text());
  text.replace(text.find("\"total\": 7"), 10, "\"total\": 8");
  forged.arrays.clear();
  forged.arrays.emplace("document",
                        Array(DType::of<std::uint8_t>(), {text.size()}, Order::c, Bytes::from(std::string(text))));
  memory_->store(key, forged, {});
  EXPECT_EQ(total_of(ask(analyses)), "7");
  EXPECT_EQ(cache_->statistics().refused, 1U);
  EXPECT_THAT(log_, testing::Contains(HasSubstr("signature")));
  // Nor does a sound entry of another question, or of another store, pass for this one.
  Entry moved = *memory_->lookup(key, {}).entry;
  params_.grain = Grain::year;
  const AnalysisAnswer years = ask(analyses);
  memory_->store(Key("analysis:sales:" + years.params_hash), moved, {});
  EXPECT_EQ(ask(analyses).document.text(), years.document.text());
  EXPECT_EQ(cache_->statistics().refused, 2U);
  cache_ = cache_with("another secret");
  Analyses other = this->analyses();
  EXPECT_EQ(ask(other).source, AnswerSource::artifact);
}

TEST_F(AnalysisTest, CacheThatIsAwayFullOrFlushedCostsTimeAndNothingElse) {
  Analyses analyses = this->analyses();
  const std::string expected(ask(analyses).document.text());
  backend_->away = true;
  EXPECT_EQ(ask(analyses).document.text(), expected);
  drop_artifacts();
  EXPECT_EQ(ask(analyses).document.text(), expected);
  backend_->away = false;
  backend_->full = true;
  EXPECT_EQ(ask(analyses, Lookup::bypass).document.text(), expected);
  backend_->full = false;
  memory_->erase(Key("analysis:sales:" + ask(analyses).params_hash));
  EXPECT_EQ(ask(analyses).source, AnswerSource::artifact);
  cache_ = nullptr;
  Analyses without = this->analyses();
  EXPECT_EQ(ask(without).document.text(), expected);
}

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

TEST_F(AnalysisTest, IdenticalQuestionsAtOnceAreComputedOnce) {
  cache_ = nullptr;
  Analyses analyses = this->analyses();
  constexpr int kAskers = 8;
  std::latch start(kAskers);
  std::vector<AnalysisAnswer> answers(kAskers);
  {
    std::vector<std::jthread> askers;
    for (int i = 0; i < kAskers; ++i) {
      askers.emplace_back([&, i] {
        start.arrive_and_wait();
        answers[static_cast<std::size_t>(i)] = ask(analyses);
      });
    }
  }
  EXPECT_EQ(analyses.statistics().computed, 1U);
  for (const AnalysisAnswer& answer : answers) EXPECT_EQ(answer.document.text(), answers[0].document.text());
}

TEST_F(AnalysisTest, EntriesLiveSixHoursAndThoseOfColdDatasetsLonger) {
  Analyses analyses = this->analyses();
  static_cast<void>(ask(analyses));
  EXPECT_EQ(backend_->last_expiry, clock_.now() + std::chrono::hours(6));
  clock_.advance(std::chrono::hours(7));
  EXPECT_EQ(ask(analyses).source, AnswerSource::artifact);
  clock_.advance(std::chrono::days(30));
  static_cast<void>(ask(analyses));
  EXPECT_EQ(backend_->last_expiry, clock_.now() + std::chrono::hours(48));
}

TEST_F(AnalysisTest, SchemaSummaryIsReplacedWithTheDataset) {
  Analyses analyses = this->analyses();
  static_cast<void>(ask(analyses));
  Schema renamed = sales_schema();
  renamed.columns[2].name = renamed.columns[2].original = "sales";
  const DatasetRecord record =
      store_.publish("sales", "SELECT customer, date, revenue AS sales FROM (" + kRows + ")", renamed);
  analyses.dataset_changed(record, renamed);
  EXPECT_EQ(cache_->get_schema(record)->columns[2].name, "sales");
  EXPECT_THROW(static_cast<void>(ask(analyses)), Error);
  params_.value = "sales";
  EXPECT_EQ(total_of(ask(analyses)), "7");
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

TEST(StoreSecret, IsMadeOnceAndReadableByItsOwnerOnly) {
  const TemporaryFolder folder;
  const std::string secret = store_secret(folder.path() / "storage");
  EXPECT_EQ(secret.size(), 64U);
  EXPECT_EQ(store_secret(folder.path() / "storage"), secret);
  const auto mode = std::filesystem::status(folder.path() / "storage" / ".secret").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(AnalysisTtl, FollowsTheHitRateWithinItsBoundsAndSaysSo) {
  std::vector<std::string> lines;
  AnalysisTtl ttl({}, [&lines](const std::string& line) { lines.push_back(line); });
  const auto window = [&ttl](int hits) {
    for (int i = 0; i < 256; ++i) ttl.count(i < hits);
  };
  window(200);
  EXPECT_EQ(ttl.current(), std::chrono::hours(6));
  window(250);
  EXPECT_EQ(ttl.current(), std::chrono::minutes(270));
  for (int i = 0; i < 20; ++i) window(256);
  EXPECT_EQ(ttl.current(), std::chrono::hours(1));
  window(100);
  EXPECT_EQ(ttl.current(), std::chrono::hours(2));
  for (int i = 0; i < 5; ++i) window(0);
  EXPECT_EQ(ttl.current(), std::chrono::hours(6));
  EXPECT_THAT(lines.front(), HasSubstr("21600 s -> 16200 s"));
  EXPECT_THAT(lines.front(), HasSubstr("250 of the last 256"));
  EXPECT_THROW(AnalysisTtl({std::chrono::hours(7)}, {}), Error);
}

TEST(AnalysisTtl, CanBeSetByItsLongest) {
  const TimePoint now{std::chrono::hours(24 * 365)};
  const AnalysisTtl ttl(AnalysisTtlOptions::at_most(std::chrono::minutes(10)), {});
  EXPECT_EQ(ttl.ttl(now, now), std::chrono::minutes(10));
  EXPECT_EQ(ttl.ttl(now - std::chrono::hours(24 * 31), now), std::chrono::minutes(80));
  EXPECT_THROW(static_cast<void>(AnalysisTtlOptions::at_most(std::chrono::seconds(0))), Error);
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
