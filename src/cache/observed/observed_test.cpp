#include <neve/cache/observed.hpp>

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include <neve/base/error.hpp>
#include <neve/cache/memory_cache.hpp>

namespace neve {
namespace {

/// Fails every operation with the same error.
class BrokenCache final : public CacheBackend {
 public:
  explicit BrokenCache(ErrorCode code) : code_(code) {}

  std::string_view name() const noexcept override { return "broken"; }
  LookupResult lookup(const Key&, const LookupOptions&) override { fail(); }
  StoreResult store(const Key&, const Entry&, const StoreOptions&) override { fail(); }
  bool erase(const Key&) override { fail(); }
  bool contains(const Key&) override { fail(); }
  Usage usage() override { fail(); }

 private:
  [[noreturn]] void fail() const { throw Error(code_, "the disk is on fire"); }

  ErrorCode code_;
};

TEST(Observed, CountsHitsMissesAndBytes) {
  Observed cache(std::make_shared<MemoryCache>(MemoryCacheOptions{}));
  Entry entry;
  entry.arrays.emplace("x", Array::from(std::vector<double>(100, 1.0)));
  StoreOptions options;
  options.compute_s = 2.5;
  const StoreResult stored = cache.store(Key("k"), entry, options);
  EXPECT_GT(stored.store_s, 0);
  EXPECT_GT(cache.lookup(Key("k"), {}).lookup_s, 0);
  (void)cache.lookup(Key("k"), {});
  (void)cache.lookup(Key("other"), {});
  cache.erase(Key("k"));

  const CacheStatistics statistics = cache.snapshot();
  EXPECT_EQ(statistics.backend, "memory");
  EXPECT_EQ(statistics.hits, 2U);
  EXPECT_EQ(statistics.misses(), 1U);
  EXPECT_EQ(statistics.misses_for(MissReason::absent), 1U);
  EXPECT_EQ(statistics.lookups(), 3U);
  EXPECT_EQ(statistics.stores, 1U);
  EXPECT_EQ(statistics.erased, 1U);
  EXPECT_EQ(statistics.bytes_read, 2 * stored.stored_bytes);
  EXPECT_EQ(statistics.bytes_written, stored.stored_bytes);
  EXPECT_DOUBLE_EQ(statistics.saved_s, 5);
  EXPECT_EQ(statistics.hit.count, 2U);
  EXPECT_GT(statistics.hit.p50_s, 0);
  EXPECT_LE(statistics.hit.p50_s, statistics.hit.max_s);
  EXPECT_EQ(statistics.errors, 0U);
}

TEST(Observed, FailingCacheIsACountedMissAndADeclinedStore) {
  for (const ErrorCode code : {ErrorCode::io, ErrorCode::unavailable, ErrorCode::timeout}) {
    Observed cache(std::make_shared<BrokenCache>(code));
    const LookupResult found = cache.lookup(Key("k"), {});
    EXPECT_FALSE(found.hit());
    EXPECT_EQ(found.reason, MissReason::unavailable);
    EXPECT_NE(found.detail.find("on fire"), std::string::npos);
    const StoreResult stored = cache.store(Key("k"), Entry{}, {});
    EXPECT_FALSE(stored.stored);
    EXPECT_NE(stored.declined.find("on fire"), std::string::npos);
    EXPECT_THROW(cache.erase(Key("k")), Error);
    EXPECT_THROW(cache.touch(Key("k"), std::nullopt), Error);
    EXPECT_THROW((void)cache.presence(Key("k")), Error);
    EXPECT_FALSE(cache.contains(Key("k")));
    EXPECT_FALSE(cache.usage().exact);
    const std::array<Key, 2> keys{Key("a"), Key("b")};
    EXPECT_EQ(cache.lookup_many(keys, {}).at(1).reason, MissReason::unavailable);
    EXPECT_EQ(cache.snapshot().errors, 8U);
    EXPECT_EQ(cache.snapshot().misses_for(MissReason::unavailable), 3U);
    EXPECT_EQ(cache.snapshot().last_error, "the disk is on fire");
    EXPECT_NE(cache.snapshot().last_declined.find("on fire"), std::string::npos);
  }
}

TEST(Observed, MistakesOfTheCallerPass) {
  Observed cache(std::make_shared<BrokenCache>(ErrorCode::invalid_argument));
  EXPECT_THROW((void)cache.lookup(Key("k"), {}), Error);
  EXPECT_EQ(cache.snapshot().errors, 0U);
}

TEST(Observed, RethrowPolicyPassesFailuresOnAndCountsThem) {
  Observed cache(std::make_shared<BrokenCache>(ErrorCode::io), FailurePolicy::rethrow);
  EXPECT_THROW((void)cache.lookup(Key("k"), {}), Error);
  EXPECT_EQ(cache.snapshot().errors, 1U);
}

TEST(Observed, JsonNamesWhatHappenedAndLeavesOutWhatDidNot) {
  Observed cache(std::make_shared<MemoryCache>(MemoryCacheOptions{}));
  (void)cache.lookup(Key("k"), {});
  const Json json = cache.snapshot().to_json();
  EXPECT_EQ(json.at("misses_by_reason"), (Json{{"absent", 1}}));
  EXPECT_EQ(json.at("hits"), 0);
  EXPECT_EQ(json.at("miss_latency").at("count"), 1);
  EXPECT_FALSE(json.contains("last_error"));
}

TEST(Observed, CountsFromManyThreadsAddUp) {
  Observed cache(std::make_shared<MemoryCache>(MemoryCacheOptions{}));
  cache.store(Key("k"), Entry{}, {});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 250; ++n) (void)cache.lookup(Key("k"), {});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cache.snapshot().hits, 1000U);
  EXPECT_EQ(cache.snapshot().hit.count, 1000U);
}

}  // namespace
}  // namespace neve
