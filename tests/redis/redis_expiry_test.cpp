// When entries expire, by whose clock, and what gives them another expiry.
#include <functional>
#include <utility>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/refused.hpp>

#include "foreign_pair.hpp"
#include "redis_fixture.hpp"
#include "support/scripted_server.hpp"

namespace neve {
namespace {

using testing::HasSubstr;

using RedisExpiryTest = RedisTest;

TEST_F(RedisExpiryTest, AnExpiryIsPartOfTheStoreAndOfTheEntry) {
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

TEST_F(RedisExpiryTest, TheTtlOfTheUrlHoldsForStoresWithoutOne) {
  RedisCache redis = cache("?ttl=30m");
  redis.store(key_, sample_entry(), {});
  EXPECT_LE(ask({"PTTL", "phys-pipeline:0a1b:meta"}).integer, 1'800'000);
  EXPECT_GT(ask({"PTTL", "phys-pipeline:0a1b:meta"}).integer, 1'000'000);
}

TEST_F(RedisExpiryTest, AnEntryThatHasAlreadyExpiredReplacesWhatWasThereByNothing) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  StoreOptions past;
  past.expires_at = Clock::system().now() - std::chrono::seconds(1);
  EXPECT_FALSE(redis.store(key_, sample_entry(), past).stored);
  EXPECT_FALSE(redis.contains(key_));
}

TEST_F(RedisExpiryTest, AForeignEntryExpiresWithItsFirstHalf) {
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

TEST_F(RedisExpiryTest, AClientWhoseClockIsAheadLeavesTheEntriesOfTheOthersAlone) {
  ManualClock ahead(Clock::system().now() + std::chrono::hours(7));
  RedisCache wrong(options(), ahead);
  RedisCache right = cache("?ttl=6h");
  right.store(key_, sample_entry(), {});
  EXPECT_EQ(wrong.lookup(key_, {}).reason, MissReason::expired);
  EXPECT_TRUE(right.lookup(key_, {}).hit());
}

TEST_F(RedisExpiryTest, TouchGivesAnEntryANewExpiry) {
  RedisCache redis = cache("?ttl=1m");
  EXPECT_FALSE(redis.touch(key_, std::nullopt));
  redis.store(key_, sample_entry(), {});
  const TimePoint later = Clock::system().now() + std::chrono::hours(5);
  EXPECT_TRUE(redis.touch(key_, later));
  EXPECT_EQ(redis.lookup(key_, {}).expires_at, later);
  EXPECT_GT(ask({"PTTL", "phys-pipeline:0a1b:arrays"}).integer, 17'000'000);
}

TEST_F(RedisExpiryTest, TouchSaysSoWhereTheEntryKeepsItsExpiry) {
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

TEST_F(RedisExpiryTest, TouchTakesAnEntryOutOfTheTtlOfTheUrl) {
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

TEST_F(RedisExpiryTest, TouchUndoesNothingThatHappensWhileItReads) {
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

TEST_F(RedisExpiryTest, TouchReachesACopyThatArrivesWhileItsAnnouncementIsTakenAway) {
  const Interrupting clock;
  RedisCache redis(options(), clock);
  RedisCache other = cache();
  ask({"SET", "phys-pipeline:0a1b:facts", R"({"copy":"00112233445566778899aabbccddeeff"})"});
  clock.when_asked = [&] { other.store(key_, sample_entry(), {}); };
  const TimePoint soon = Clock::system().now() + std::chrono::hours(1);
  EXPECT_TRUE(redis.touch(key_, soon));
  const LookupResult found = other.lookup(key_, {});
  ASSERT_TRUE(found.hit()) << found.detail;
  ASSERT_TRUE(found.expires_at);
  EXPECT_LE(*found.expires_at, soon);
  EXPECT_FALSE(redis.touch(Key("0a1c"), soon));
}

TEST_F(RedisExpiryTest, TouchSealsWhatPhysPipelineWrote) {
  const ForeignPair pair = foreign_pair();
  (void)ask({"SET", "phys-pipeline:0a1b:meta", pair.meta});
  (void)ask({"SET", "phys-pipeline:0a1b:arrays", pair.arrays});
  RedisCache redis = cache();
  const TimePoint later = Clock::system().now() + std::chrono::hours(1);
  EXPECT_TRUE(redis.touch(key_, later));
  EXPECT_EQ(redis.lookup(key_, {}).expires_at, later);
}

}  // namespace
}  // namespace neve
