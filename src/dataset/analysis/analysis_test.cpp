#include <neve/dataset/analysis/analysis.hpp>

#include <fstream>
#include <latch>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dataset/analysis/analysis_fixture.hpp"

namespace neve::dataset {
namespace {

using testing::HasSubstr;

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

TEST(StoreSecret, IsMadeOnceAndReadableByItsOwnerOnly) {
  const TemporaryFolder folder;
  const std::string secret = store_secret(folder.path() / "storage");
  EXPECT_EQ(secret.size(), 64U);
  EXPECT_EQ(store_secret(folder.path() / "storage"), secret);
  const auto mode = std::filesystem::status(folder.path() / "storage" / ".secret").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace neve::dataset
