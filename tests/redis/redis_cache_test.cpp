#include <fstream>
#include <functional>
#include <iterator>
#include <utility>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/refused.hpp>

#include "redis_fixture.hpp"
#include "support/scripted_server.hpp"

namespace neve {
namespace {

using testing::HasSubstr;

using RedisCacheTest = RedisTest;

/// What phys-pipeline's own backend stores: no seal, no facts.
struct ForeignPair {
  std::string meta;
  std::string arrays;
};

ForeignPair foreign_pair() {
  const std::string stem = std::string(NEVE_TEST_DATA) + "/redis/phys_pipeline_entry";
  const auto content = [&](const char* ending) {
    std::ifstream file(stem + ending, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  return {content(".json"), content(".npz")};
}

TEST_F(RedisCacheTest, WhatWasStoredIsFound) {
  RedisCache redis = cache();
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::absent);
  EXPECT_FALSE(redis.contains(key_));
  StoreOptions store;
  store.recipe = R"({"stage":"fibre"})";
  const StoreResult stored = redis.store(key_, sample_entry(), store);
  EXPECT_TRUE(stored.stored);
  EXPECT_TRUE(redis.contains(key_));
  const LookupResult found = redis.lookup(key_, {});
  ASSERT_TRUE(found.hit()) << found.detail;
  EXPECT_TRUE(same(*found.entry, sample_entry()));
  EXPECT_EQ(found.recipe, store.recipe);
  EXPECT_EQ(found.stored_bytes, stored.stored_bytes);
  EXPECT_EQ(found.tier, "redis");
  EXPECT_FALSE(found.expires_at);
  EXPECT_TRUE(redis.erase(key_));
  EXPECT_FALSE(redis.erase(key_));
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::absent);
}

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

TEST_F(RedisCacheTest, AnExpiryIsPartOfTheStoreAndOfTheEntry) {
  ManualClock clock(Clock::system().now());
  RedisCache redis(options(), clock);
  StoreOptions store;
  store.expires_at = clock.now() + std::chrono::hours(1);
  redis.store(key_, sample_entry(), store);
  for (const char* half : {"phys-pipeline:0a1b:meta", "phys-pipeline:0a1b:arrays"}) {
    const auto left = ask({"PTTL", half}).integer;
    EXPECT_GT(left, 3'000'000);
    EXPECT_LE(left, 3'600'000);
  }
  EXPECT_EQ(redis.lookup(key_, {}).expires_at, store.expires_at);
  // Our own clock is believed before the server's.
  clock.advance(std::chrono::hours(2));
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::expired);
}

TEST_F(RedisCacheTest, TheTtlOfTheUrlHoldsForStoresWithoutOne) {
  RedisCache redis = cache("?ttl=30m");
  redis.store(key_, sample_entry(), {});
  EXPECT_LE(ask({"PTTL", "phys-pipeline:0a1b:meta"}).integer, 1'800'000);
  EXPECT_GT(ask({"PTTL", "phys-pipeline:0a1b:meta"}).integer, 1'000'000);
}

TEST_F(RedisCacheTest, TouchGivesAnEntryANewExpiry) {
  RedisCache redis = cache("?ttl=1m");
  EXPECT_FALSE(redis.touch(key_, std::nullopt));
  redis.store(key_, sample_entry(), {});
  const TimePoint later = Clock::system().now() + std::chrono::hours(5);
  EXPECT_TRUE(redis.touch(key_, later));
  EXPECT_EQ(redis.lookup(key_, {}).expires_at, later);
  EXPECT_GT(ask({"PTTL", "phys-pipeline:0a1b:arrays"}).integer, 17'000'000);
}

TEST_F(RedisCacheTest, TouchSaysSoWhereTheEntryKeepsItsExpiry) {
  cache("?inline=10MiB").store(key_, sample_entry(1000), {});
  RedisCache redis = cache("?inline=1KiB");
  try {
    (void)redis.touch(key_, Clock::system().now() + std::chrono::hours(1));
    FAIL() << "taken for no entry";
  } catch (const RefusedError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the inline limit is 1024"));
  }
  const LookupResult found = redis.lookup(key_, {});
  EXPECT_TRUE(found.hit());
  EXPECT_EQ(found.expires_at, std::nullopt);
}

TEST_F(RedisCacheTest, TouchTakesAnEntryOutOfTheTtlOfTheUrl) {
  RedisCache redis = cache("?ttl=1h");
  redis.store(key_, sample_entry(), {});
  EXPECT_TRUE(redis.touch(key_, std::nullopt));
  EXPECT_EQ(redis.lookup(key_, {}).expires_at, std::nullopt);
  EXPECT_EQ(ask({"PTTL", "phys-pipeline:0a1b:meta"}).integer, -1);
}

/// The system's clock, which does something once when it is asked.
class Interrupting final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override {
    if (const auto act = std::exchange(when_asked, nullptr)) act();
    return system().now();
  }
  mutable std::function<void()> when_asked;
};

TEST_F(RedisCacheTest, TouchUndoesNothingThatHappensWhileItReads) {
  const TemporaryFolder blobs;
  for (const std::string& query : {std::string("?inline=10MiB"), "?inline=1KiB&blobs=" + blobs.path().string()}) {
    const Interrupting clock;
    RedisCache redis(options(query), clock);
    RedisCache other = cache(query);
    other.store(key_, sample_entry(1000), {});
    clock.when_asked = [&] { other.erase(key_); };
    EXPECT_FALSE(redis.touch(key_, std::nullopt)) << query;
    EXPECT_EQ(other.lookup(key_, {}).reason, MissReason::absent) << query;
    other.store(key_, sample_entry(1000), {});
    // As long, and the metadata are the same.
    clock.when_asked = [&] { other.store(key_, sample_entry(1000, 7.5), {}); };
    EXPECT_FALSE(redis.touch(key_, Clock::system().now() + std::chrono::hours(1))) << query;
    const LookupResult found = other.lookup(key_, {});
    ASSERT_TRUE(found.hit()) << found.detail;
    EXPECT_TRUE(same(*found.entry, sample_entry(1000, 7.5))) << query;
    EXPECT_TRUE(redis.touch(key_, std::nullopt)) << query;
    EXPECT_TRUE(same(*other.lookup(key_, {}).entry, sample_entry(1000, 7.5))) << query;
  }
}

TEST_F(RedisCacheTest, TouchSealsWhatPhysPipelineWrote) {
  const ForeignPair pair = foreign_pair();
  (void)ask({"SET", "phys-pipeline:0a1b:meta", pair.meta});
  (void)ask({"SET", "phys-pipeline:0a1b:arrays", pair.arrays});
  RedisCache redis = cache();
  const TimePoint later = Clock::system().now() + std::chrono::hours(1);
  EXPECT_TRUE(redis.touch(key_, later));
  EXPECT_EQ(redis.lookup(key_, {}).expires_at, later);
}

TEST_F(RedisCacheTest, AnEntryThatHasAlreadyExpiredReplacesWhatWasThereByNothing) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  StoreOptions past;
  past.expires_at = Clock::system().now() - std::chrono::seconds(1);
  EXPECT_FALSE(redis.store(key_, sample_entry(), past).stored);
  EXPECT_FALSE(redis.contains(key_));
}

TEST_F(RedisCacheTest, HalfAnEvictedPairIsAMiss) {
  RedisCache redis = cache();
  for (const char* half : {"phys-pipeline:0a1b:meta", "phys-pipeline:0a1b:arrays"}) {
    redis.store(key_, sample_entry(), {});
    ask({"DEL", half});
    EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::half) << half;
    EXPECT_FALSE(redis.contains(key_)) << half;
    EXPECT_TRUE(redis.erase(key_)) << half;
  }
}

TEST_F(RedisCacheTest, AForeignHalfIsNotPairedWithTheOldHalfInTheBlobFolder) {
  const TemporaryFolder folder;
  RedisCache redis = cache("?inline=4KiB&blobs=" + folder.path().string());
  Entry entry = sample_entry();
  entry.meta["text"] = std::string(20'000, 'x');
  redis.store(key_, entry, {});  // its metadata lie outside
  ask({"SET", "phys-pipeline:0a1b:meta", foreign_pair().meta});
  ask({"SET", "phys-pipeline:0a1b:arrays", foreign_pair().arrays});
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
  ask({"DEL", "phys-pipeline:0a1b:meta"});  // evicted: what is left are foreign arrays and a pointer to our metadata
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::torn);
}

TEST_F(RedisCacheTest, AForeignEntryExpiresWithItsFirstHalf) {
  ask({"SET", "phys-pipeline:0a1b:meta", foreign_pair().meta});
  ask({"SET", "phys-pipeline:0a1b:arrays", foreign_pair().arrays, "EX", "1000"});
  const LookupResult found = cache().lookup(key_, {});
  ASSERT_TRUE(found.hit());
  ASSERT_TRUE(found.expires_at);
  EXPECT_LE(*found.expires_at, Clock::system().now() + std::chrono::seconds(1000));
}

TEST(RedisExpiry, AForeignEntryThatGoesWhileItIsReadIsNotTakenForOneWithoutAnExpiry) {
  const ForeignPair pair = foreign_pair();
  const auto bulk = [](const std::string& text) { return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n"; };
  ScriptedServer server([&](ScriptedPeer& peer, int) {
    peer.await("MGET");
    peer.send("*3\r\n" + bulk(pair.meta) + bulk(pair.arrays) + "$-1\r\n");
    peer.await("PTTL");
    peer.send(":-2\r\n:-2\r\n");
  });
  RedisCache redis(RedisOptions::from_url("unix://" + server.path() + "?timeout=20s&connect_timeout=20s"));
  EXPECT_EQ(redis.lookup(Key("k"), {}).reason, MissReason::expired);
}

TEST_F(RedisCacheTest, AClientWhoseClockIsAheadLeavesTheEntriesOfTheOthersAlone) {
  ManualClock ahead(Clock::system().now() + std::chrono::hours(7));
  RedisCache wrong(options(), ahead);
  RedisCache right = cache("?ttl=6h");
  right.store(key_, sample_entry(), {});
  EXPECT_EQ(wrong.lookup(key_, {}).reason, MissReason::expired);
  EXPECT_TRUE(right.lookup(key_, {}).hit());
}

TEST_F(RedisCacheTest, FactsNobodyCouldHaveMeasuredAreNotBelieved) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  for (const auto& [written, read] : {std::pair{"-5", 0.0}, {"1e300", 3.2e10}, {"2.5", 2.5}}) {
    ask({"SET", "phys-pipeline:0a1b:facts", std::string(R"({"compute_s":)") + written + "}"});
    const LookupResult found = redis.lookup(key_, {});
    ASSERT_TRUE(found.hit());
    EXPECT_EQ(found.compute_s, read);
  }
}

TEST_F(RedisCacheTest, HalvesThatDoNotBelongTogetherAreAMiss) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  ask({"SET", "phys-pipeline:0a1b:meta", R"({"answer": 41})"});
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::torn);
}

TEST_F(RedisCacheTest, AnEntryUnderAnotherEntrysKeyIsAMiss) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  ask({"RENAME", "phys-pipeline:0a1b:meta", "phys-pipeline:other:meta"});
  ask({"RENAME", "phys-pipeline:0a1b:arrays", "phys-pipeline:other:arrays"});
  EXPECT_EQ(redis.lookup(Key("other"), {}).reason, MissReason::foreign);
}

TEST_F(RedisCacheTest, ADamagedPayloadIsAMissAndTheNextStoreMendsIt) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  ask({"SETRANGE", "phys-pipeline:0a1b:arrays", "150", "?"});
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::corrupt);
  redis.store(key_, sample_entry(), {});
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
}

TEST_F(RedisCacheTest, AForeignTypeUnderOurKeyIsAMissAndIsReplaced) {
  RedisCache redis = cache();
  ask({"LPUSH", "phys-pipeline:0a1b:meta", "x"});
  EXPECT_FALSE(redis.lookup(key_, {}).hit());
  EXPECT_TRUE(redis.store(key_, sample_entry(), {}).stored);
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
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
  EXPECT_THROW(redis.store(key_, sample_entry(), {}), RefusedError);
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
