// Analyses with a real server between several instances: as a service of several machines runs them.

#include <array>
#include <thread>

#include <gtest/gtest.h>

#include <neve/cache/open_cache.hpp>
#include <neve/dataset/analysis/analysis.hpp>

#include "dataset/analysis/test_store.hpp"
#include "support/redis_server.hpp"

namespace neve::dataset {
namespace {

std::string rows_with_total(int total) {
  return "SELECT 'a' AS customer, DATE '2024-01-01' AS date, " + std::to_string(total) + "::DECIMAL(18,6) AS revenue";
}

/// One instance of a service: its own connection, memory and view of the store.
struct Instance {
  Instance(const std::filesystem::path& root, const std::string& url)
      : store(root), cache(std::make_shared<AnalysisCache>(open_cache(url), options(root))), analyses(store, cache) {}

  static AnalysisCacheOptions options(const std::filesystem::path& root) {
    AnalysisCacheOptions options;
    options.secret = store_secret(root);
    return options;
  }
  [[nodiscard]] AnalysisAnswer ask() {
    return analyses.concentration("sales", {"customer", "revenue", Grain::month, default_thresholds(), {}});
  }

  DatasetStore store;
  std::shared_ptr<AnalysisCache> cache;
  Analyses analyses;
};

std::string total_of(const AnalysisAnswer& answer) {
  return read_analysis_document(answer.document.text()).result.total.total.text();
}

TEST(AnalysesOnRedis, WhatOneInstanceComputedTheOtherFinds) {
  RedisServer server;
  TestStore store;
  store.publish("sales", rows_with_total(5));
  Instance one(store.store().root(), server.url());
  Instance two(store.store().root(), server.url());
  const AnalysisAnswer computed = one.ask();
  const AnalysisAnswer found = two.ask();
  EXPECT_EQ(found.source, AnswerSource::cache);
  EXPECT_EQ(found.tier, "redis");
  EXPECT_EQ(found.document.text(), computed.document.text());
  store.publish("sales", rows_with_total(6));
  EXPECT_EQ(total_of(two.ask()), "6");
  EXPECT_EQ(total_of(one.ask()), "6");
  EXPECT_EQ(one.ask().source, AnswerSource::cache);
}

TEST(AnalysesOnRedis, KilledServerCostsTimeAndNothingElse) {
  RedisServer server;
  TestStore store;
  store.publish("sales", rows_with_total(5));
  Instance one(store.store().root(), server.url());
  EXPECT_EQ(one.ask().source, AnswerSource::computed);
  server.kill();
  EXPECT_EQ(one.ask().source, AnswerSource::artifact);
  store.publish("sales", rows_with_total(6));
  EXPECT_EQ(total_of(one.ask()), "6");
  server.start();  // flushed
  Instance two(store.store().root(), server.url());
  EXPECT_EQ(two.ask().source, AnswerSource::artifact);
  EXPECT_EQ(two.ask().source, AnswerSource::cache);
}

TEST(AnalysesOnRedis, FullServerRefusesStoresAndAnswersStayRight) {
  RedisServer server({"maxmemory 1mb", "maxmemory-policy noeviction"});
  TestStore store;
  store.publish("sales", rows_with_total(5));
  Instance one(store.store().root(), server.url());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(total_of(one.ask()), "5");
}

TEST(AnalysesOnRedis, InstancesAskedWhileTheDatasetChangesNeverGoBack) {
  RedisServer server;
  TestStore store;
  store.publish("sales", rows_with_total(1));
  Instance one(store.store().root(), server.url());
  Instance two(store.store().root(), server.url());
  constexpr int kVersions = 12;
  std::atomic<int> published{1};
  std::vector<std::string> faults;
  std::mutex faults_mutex;
  std::array<std::atomic<int>, 2> answered{};
  const auto keep_asking = [&](Instance& instance, std::atomic<int>& answers) {
    while (published < kVersions) {
      const int before = published;
      const AnalysisAnswer answer = instance.ask();
      ++answers;
      // Each generation holds its own number as its total: an answer is of one generation, and of none that was
      // replaced before the question was asked.
      if (total_of(answer) == std::to_string(answer.generation) && answer.generation >= static_cast<unsigned>(before)) {
        continue;
      }
      const std::lock_guard lock(faults_mutex);
      faults.push_back("generation " + std::to_string(answer.generation) + " of at least " + std::to_string(before) +
                       ": " + total_of(answer));
    }
  };
  {
    std::jthread first([&] { keep_asking(one, answered[0]); });
    std::jthread second([&] { keep_asking(two, answered[1]); });
    for (int version = 2; version <= kVersions; ++version) {
      // Whatever the machine's load, an answer gets done between two uploads.
      const std::array<int, 2> seen{answered[0], answered[1]};
      while (answered[0] == seen[0] || answered[1] == seen[1]) std::this_thread::yield();
      store.publish("sales", rows_with_total(version));
      published = version;
    }
  }
  EXPECT_EQ(faults, std::vector<std::string>{});
  EXPECT_EQ(total_of(one.ask()), std::to_string(kVersions));
  EXPECT_EQ(total_of(two.ask()), std::to_string(kVersions));
}

}  // namespace
}  // namespace neve::dataset
