#include <neve/cache/cache_report.hpp>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/prometheus_text.hpp>

namespace neve {
namespace {

using testing::HasSubstr;

/// A store that is never there.
class AwayCache final : public CacheBackend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "away"; }
  [[nodiscard]] LookupResult lookup(const Key&, const LookupOptions&) override { fail(); }
  StoreResult store(const Key&, const Entry&, const StoreOptions&) override { fail(); }
  bool erase(const Key&) override { fail(); }
  [[nodiscard]] bool contains(const Key&) override { fail(); }
  [[nodiscard]] Usage usage() override { fail(); }

 private:
  [[noreturn]] static void fail() { throw Error(ErrorCode::timeout, "it does not answer"); }
};

Entry sample() {
  Entry entry;
  entry.arrays.emplace("x", Array::from(std::vector<double>(10, 1.0)));
  return entry;
}

std::shared_ptr<Observed> observed(std::shared_ptr<CacheBackend> cache) {
  return std::make_shared<Observed>(std::move(cache), FailurePolicy::rethrow);
}

TEST(CacheReport, EachTierSaysWhatItWasAskedAndWhatWasPromotedIntoIt) {
  const auto near = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  const auto far = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  far->store(Key("k"), sample(), {});
  Observed cache(std::make_shared<TieredCache>(std::vector<Tier>{{observed(near)}, {observed(far)}}));
  (void)cache.lookup(Key("k"), {});
  (void)cache.lookup(Key("k"), {});
  const CacheReport report = CacheReport::of(cache);
  EXPECT_EQ(report.whole.hits, 2U);
  ASSERT_EQ(report.tiers.size(), 2U);
  EXPECT_EQ(report.tiers[0].statistics.hits, 1U);
  EXPECT_EQ(report.tiers[0].statistics.misses_for(MissReason::absent), 1U);
  EXPECT_EQ(report.tiers[0].promotions, 1U);
  EXPECT_EQ(report.tiers[1].statistics.hits, 1U);
  EXPECT_EQ(report.tiers[1].promotions, 0U);
  EXPECT_EQ(report.to_json().at("tiers").at(0).at("promotions"), 1);
}

TEST(CacheReport, ACacheThatIsNoChainIsItsOnlyTier) {
  const auto cache = open_cache("memory:1MiB");
  (void)cache->lookup(Key("k"), {});
  const CacheReport report = CacheReport::of(*cache);
  ASSERT_EQ(report.tiers.size(), 1U);
  EXPECT_EQ(report.tiers[0].statistics.backend, "memory");
  EXPECT_EQ(report.tiers[0].statistics.lookups(), 1U);
  EXPECT_FALSE(report.tiers[0].guard);
}

TEST(CacheReport, AGuardedTierSaysThatItIsAwayAndWhy) {
  GuardOptions guard;
  guard.first_pause = std::chrono::hours(1);
  Observed cache(std::make_shared<TieredCache>(
      std::vector<Tier>{{observed(std::make_shared<MemoryCache>(MemoryCacheOptions{}))},
                        {observed(std::make_shared<Guarded>(std::make_shared<AwayCache>(), guard))}}));
  for (int i = 0; i < 3; ++i) (void)cache.lookup(Key("k"), {});
  const TierReport away = CacheReport::of(cache).tiers.at(1);
  EXPECT_EQ(away.errors_by_kind(), (std::map<std::string, std::uint64_t>{{"timeout", 1}}));
  const Json json = away.to_json();
  EXPECT_EQ(json.at("breaker").at("state"), "open");
  EXPECT_EQ(json.at("breaker").at("skipped"), 2);
  EXPECT_EQ(json.at("misses_by_reason").at("unavailable"), 3);
  EXPECT_THAT(json.at("last_error").get<std::string>(), HasSubstr("does not answer"));
}

TEST(CacheReport, HistogramsAreCumulativeAndEndInTheCount) {
  const auto cache = open_cache("memory:1MiB");
  for (int i = 0; i < 10; ++i) (void)cache->lookup(Key("k"), {});
  const LatencySummary miss = CacheReport::of(*cache).whole.miss;
  ASSERT_FALSE(miss.buckets.empty());
  std::uint64_t last = 0;
  for (const LatencyBucket& bucket : miss.buckets) {
    EXPECT_GE(bucket.count, last);
    last = bucket.count;
  }
  EXPECT_EQ(last, miss.count);
  EXPECT_DOUBLE_EQ(miss.buckets.front().up_to_s, 1.024e-6);
}

TEST(PrometheusText, NamesEveryTierAndKind) {
  if (!has_prometheus_text()) GTEST_SKIP() << "built without NEVE_PROMETHEUS";
  GuardOptions guard;
  guard.first_pause = std::chrono::hours(1);
  Observed cache(std::make_shared<TieredCache>(
      std::vector<Tier>{{observed(std::make_shared<MemoryCache>(MemoryCacheOptions{}))},
                        {observed(std::make_shared<Guarded>(std::make_shared<AwayCache>(), guard))}}));
  cache.store(Key("k"), sample(), {});
  (void)cache.lookup(Key("k"), {});
  const std::string text = prometheus_text({{"results", CacheReport::of(cache)}});
  EXPECT_THAT(text, HasSubstr("# TYPE neve_cache_hits_total counter\n"));
  EXPECT_THAT(text, HasSubstr("neve_cache_hits_total{cache=\"results\",tier=\"memory\",level=\"1\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("neve_cache_errors_total{cache=\"results\",tier=\"away\",level=\"2\",kind=\"timeout\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("neve_cache_breaker_open{cache=\"results\",tier=\"away\",level=\"2\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("operation=\"hit\",le=\"+Inf\"} 1\n"));
  // Once per family, however many caches there are: Prometheus refuses a page that repeats one.
  const std::string type = "# TYPE neve_cache_hits_total";
  EXPECT_EQ(text.find(type), text.rfind(type));
  EXPECT_EQ(text.back(), '\n');
}

TEST(PrometheusText, WithoutItTheErrorNamesTheOption) {
  if (has_prometheus_text()) GTEST_SKIP() << "built with NEVE_PROMETHEUS";
  try {
    (void)prometheus_text({});
    FAIL() << "made text of nothing";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_THAT(error.what(), HasSubstr("NEVE_PROMETHEUS"));
  }
}

}  // namespace
}  // namespace neve
