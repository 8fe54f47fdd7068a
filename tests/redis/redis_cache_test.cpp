#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/refused.hpp>

#include "foreign_pair.hpp"
#include "redis_fixture.hpp"

namespace neve {
namespace {

using testing::HasSubstr;

using RedisCacheTest = RedisTest;

TEST_F(RedisCacheTest, TheKeysAreThoseOfPhysPipeline) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  EXPECT_EQ(ask({"GET", "phys-pipeline:0a1b:meta"}).text(), R"({"answer": 42, "name": "fibre \u00e9"})");
  EXPECT_TRUE(ask({"GET", "phys-pipeline:0a1b:arrays"}).text().starts_with("PK"));
  EXPECT_EQ(ask({"DBSIZE"}).integer, 2);
}

TEST_F(RedisCacheTest, PrefixAndTagsComeFromTheUrl) {
  cache("?prefix=lab&tags=yes").store(key_, sample_entry(), {});
  EXPECT_EQ(ask({"EXISTS", "lab:{0a1b}:meta", "lab:{0a1b}:arrays"}).integer, 2);
  EXPECT_FALSE(cache().contains(key_));
}

TEST_F(RedisCacheTest, EntriesPhysPipelineWroteAreRead) {
  ask({"SET", "phys-pipeline:0a1b:meta", foreign_pair().meta, "EX", "1000"});
  ask({"SET", "phys-pipeline:0a1b:arrays", foreign_pair().arrays, "EX", "1000"});
  const LookupResult found = cache().lookup(key_, {});
  ASSERT_TRUE(found.hit()) << found.detail;
  EXPECT_EQ(found.entry->meta.at("scalar"), 1.5);
  EXPECT_EQ(found.entry->arrays.at("field").as<double>()[2], 2.0);
  // The server alone knows when it expires, and tiers must not keep it for longer.
  ASSERT_TRUE(found.expires_at);
  EXPECT_LE(*found.expires_at, Clock::system().now() + std::chrono::seconds(1000));
  EXPECT_GT(*found.expires_at, Clock::system().now() + std::chrono::seconds(900));
}

TEST_F(RedisCacheTest, ManyKeysAreAnsweredInOrder) {
  RedisCache redis = cache();
  std::vector<Key> keys;
  for (int i = 0; i < 100; ++i) {
    keys.emplace_back("k" + std::to_string(i));
    if (i % 3 == 0) redis.store(keys.back(), sample_entry(4, i), {});
  }
  const auto found = redis.lookup_many(keys, {});
  ASSERT_EQ(found.size(), keys.size());
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(found[i].hit(), i % 3 == 0) << i;
    EXPECT_TRUE(!found[i].hit() || same(*found[i].entry, sample_entry(4, i))) << i;
  }
  EXPECT_TRUE(redis.lookup_many({}, {}).empty());
}

TEST_F(RedisCacheTest, UsageCountsEntriesAndTheirBytes) {
  RedisCache redis = cache();
  std::uint64_t bytes = 0;
  for (int i = 0; i < 20; ++i) bytes += redis.store(Key("k" + std::to_string(i)), sample_entry(), {}).stored_bytes;
  ask({"SET", "somebody-elses", "value"});
  const Usage usage = redis.usage();
  EXPECT_EQ(usage.entries, 20U);
  EXPECT_EQ(usage.bytes, bytes);
  EXPECT_TRUE(usage.exact);
}

TEST_F(RedisCacheTest, UsageOfAManyKeyedServerIsAnExtrapolation) {
  std::vector<redis::Command> commands;
  for (int i = 0; i < 30'000; ++i)
    commands.push_back(redis::Command({"SET", "phys-pipeline:" + std::to_string(i) + ":meta", "1234"}));
  (void)redis::make_client(options())->run(commands);
  const Usage usage = cache().usage();
  EXPECT_FALSE(usage.exact);
  EXPECT_NEAR(static_cast<double>(usage.entries), 30'000, 3'000);
  EXPECT_NEAR(static_cast<double>(usage.bytes), 120'000, 12'000);
}

TEST_F(RedisCacheTest, AFullServerRefusesAndKeepsServingWhatItHas) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  ask({"CONFIG", "SET", "maxmemory", "1"});
  try {
    redis.store(Key("other"), sample_entry(), {});
    FAIL() << "stored in a full server";
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.kind(), "OOM");
    EXPECT_THAT(error.what(), HasSubstr("maxmemory"));
  }
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
  EXPECT_TRUE(redis.store(key_, sample_entry(), {}).stored) << "it has it";
  EXPECT_TRUE(redis.lookup(key_, {}).hit()) << "two who computed the same have lost it";
  EXPECT_THROW(redis.store(key_, sample_entry(5), {}), RefusedError);
  EXPECT_FALSE(redis.lookup(key_, {}).hit()) << "the old entry stands where it was to be replaced";
}

TEST_F(RedisCacheTest, AReplicaServesLookupsAndRefusesStores) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  ask({"REPLICAOF", "127.0.0.1", "1"});
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
  try {
    redis.store(key_, sample_entry(), {});
    FAIL() << "stored in a replica";
  } catch (const RefusedError& error) {
    EXPECT_EQ(error.kind(), "READONLY");
  }
}

TEST_F(RedisCacheTest, ThreadsShareOneCache) {
  RedisCache redis = cache();
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const Key key("k" + std::to_string((t * 7 + i) % 20));
        redis.store(key, sample_entry(100, 3), {});
        const LookupResult found = redis.lookup(key, {});
        EXPECT_TRUE(found.hit() && same(*found.entry, sample_entry(100, 3))) << found.detail;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace neve
