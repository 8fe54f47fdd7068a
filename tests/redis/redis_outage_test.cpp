// A server that goes away: what the cache by itself does, and what Guarded makes of it.
#include <atomic>
#include <functional>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/guarded.hpp>
#include <neve/cache/observed.hpp>

#include "cache/guard/local_work.hpp"
#include "redis_fixture.hpp"
#include "support/scripted_server.hpp"

namespace neve {
namespace {

/// Asks until the answer is a hit; the time is bounded, not measured.
bool returns(CacheBackend& cache, const Key& key) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < end) {
    if (cache.lookup(key, {}).hit()) return true;
    std::this_thread::yield();
  }
  return false;
}

class RedisOutageTest : public RedisTest {
 protected:
  /// Only what meets a server that does not answer has a short timeout: a busy machine must not look like an outage.
  [[nodiscard]] std::shared_ptr<Guarded> guarded(std::chrono::milliseconds timeout = std::chrono::seconds(20)) const {
    RedisOptions with = options();
    with.operation_timeout = with.connect_timeout = timeout;
    GuardOptions guard;
    guard.first_pause = std::chrono::milliseconds(2);
    guard.slow = guard.patience = std::chrono::seconds(60);
    return std::make_shared<Guarded>(std::make_shared<RedisCache>(with), guard);
  }
};

TEST_F(RedisOutageTest, ARestartedServerIsFoundAgainWithoutAnError) {
  RedisCache redis = cache();
  redis.store(key_, sample_entry(), {});
  server_.kill();
  server_.start();
  EXPECT_EQ(redis.lookup(key_, {}).reason, MissReason::absent);
  EXPECT_TRUE(redis.store(key_, sample_entry(), {}).stored);
}

TEST_F(RedisOutageTest, AServerThatIsDownAtTheStartIsMissesUntilItComes) {
  server_.kill();
  const auto redis = guarded();
  const LookupResult away = redis->lookup(key_, {});
  EXPECT_EQ(away.reason, MissReason::unavailable);
  EXPECT_THAT(away.detail, testing::HasSubstr("cannot connect"));
  EXPECT_FALSE(redis->store(key_, sample_entry(), {}).stored);
  EXPECT_GE(redis->snapshot().skipped, 1U);
  server_.start();
  RedisCache direct = cache();
  direct.store(key_, sample_entry(), {});
  EXPECT_TRUE(returns(*redis, key_));
  EXPECT_EQ(redis->snapshot().state, BreakerState::closed);
}

TEST_F(RedisOutageTest, AHungServerIsWaitedForOnceAndReturnsByItself) {
  const auto redis = guarded(std::chrono::milliseconds(100));
  cache().store(key_, sample_entry(), {});
  server_.hang();
  EXPECT_EQ(redis->lookup(key_, {}).reason, MissReason::unavailable);
  EXPECT_EQ(redis->snapshot().outages, 1U);
  EXPECT_EQ(redis->snapshot().errors_by_kind.count("timeout"), 1U);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(redis->lookup(key_, {}).reason, MissReason::unavailable);
  EXPECT_GE(redis->snapshot().skipped, 1000U);
  server_.resume();
  EXPECT_TRUE(returns(*redis, key_));
}

TEST_F(RedisOutageTest, ARefusalIsCountedByItsKindAndDoesNotStopTheAsking) {
  const auto redis = guarded();
  redis->store(key_, sample_entry(), {});
  ask({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_THAT(redis->store(Key("other"), sample_entry(), {}).declined, testing::HasSubstr("OOM"));
  EXPECT_EQ(redis->snapshot().errors_by_kind.at("OOM"), 1U);
  EXPECT_EQ(redis->snapshot().state, BreakerState::closed);
  EXPECT_TRUE(redis->lookup(key_, {}).hit());
}

TEST(RedisOutage, AServerKilledInMidReplyIsAMiss) {
  ScriptedServer server([](ScriptedPeer& peer, int) {
    peer.await("MGET");
    peer.send("*3\r\n$10\r\n{\"a\"");
  });
  Guarded redis(std::make_shared<RedisCache>(
      RedisOptions::from_url("unix://" + server.path() + "?timeout=20s&connect_timeout=20s")));
  EXPECT_EQ(redis.lookup(Key("k"), {}).reason, MissReason::unavailable);
}

TEST(RedisOutage, AServerThatIsStillLoadingIsAMissWithThatReason) {
  ScriptedServer server([](ScriptedPeer& peer, int) {
    for (int i = 0; i < 2; ++i) {
      peer.await("MGET");
      peer.send("-LOADING Redis is loading the dataset in memory\r\n");
    }
    peer.await("never sent");
  });
  Guarded redis(std::make_shared<RedisCache>(
      RedisOptions::from_url("unix://" + server.path() + "?timeout=20s&connect_timeout=20s")));
  for (int i = 0; i < 2; ++i) {
    const LookupResult found = redis.lookup(Key("k"), {});
    EXPECT_EQ(found.reason, MissReason::unavailable);
    EXPECT_THAT(found.detail, testing::HasSubstr("loading its data"));
  }
  EXPECT_EQ(redis.snapshot().errors_by_kind.at("LOADING"), 2U);
}

TEST(RedisOutage, AConnectionIsNotUsedAgainThatATransactionWasLeftOpenOn) {
  // As from a proxy that lost its server for a moment.
  ScriptedServer server([](ScriptedPeer& peer, int number) {
    if (number == 0) {
      peer.await("EXEC");
      peer.send("+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n-ERR upstream failure\r\n");
    }
    peer.await("MGET");
    peer.send(number == 0 ? "+QUEUED\r\n" : "*3\r\n$-1\r\n$-1\r\n$-1\r\n");
  });
  RedisCache redis(RedisOptions::from_url("unix://" + server.path() + "?timeout=20s&connect_timeout=20s"));
  EXPECT_THROW(redis.store(Key("k"), sample_entry(), {}), Error);
  EXPECT_EQ(redis.lookup(Key("k"), {}).reason, MissReason::absent);
}

TEST(RedisOutage, ATransactionThatWasNotCarriedOutIsNoStore) {
  for (const char* last : {"*-1\r\n", "+QUEUED\r\n"}) {
    ScriptedServer server([&](ScriptedPeer& peer, int) {
      peer.await("EXEC");
      peer.send(std::string("+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n") + last);
      peer.await("nothing more");
    });
    RedisCache redis(RedisOptions::from_url("unix://" + server.path() + "?timeout=20s&connect_timeout=20s"));
    EXPECT_THROW(redis.store(Key("k"), sample_entry(), {}), Error) << last;
  }
}

TEST(RedisOutage, AServerThatHasBecomeAReplicaIsLookedUpAgainByItsName) {
  // The name may stand for another server by now, as at providers that move it at a failover.
  ScriptedServer server([](ScriptedPeer& peer, int number) {
    peer.await("EXEC");
    peer.send(number == 0 ? "+OK\r\n-READONLY no\r\n+QUEUED\r\n-READONLY no\r\n-EXECABORT no\r\n"
                          : "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n+OK\r\n:0\r\n+OK\r\n");
    peer.await("nothing more");
  });
  RedisCache redis(RedisOptions::from_url("unix://" + server.path() + "?timeout=20s&connect_timeout=20s"));
  EXPECT_THROW(redis.store(Key("k"), sample_entry(), {}), Error);
  EXPECT_TRUE(redis.store(Key("k"), sample_entry(), {}).stored);
}

TEST(RedisOutage, AReplicaThatIsMeantToBeOneIsNotConnectedToAgainAndAgain) {
  std::atomic<int> connections = 0;
  ScriptedServer server([&](ScriptedPeer& peer, int) {
    ++connections;
    for (std::string text = peer.receive(); !text.empty(); text = peer.receive()) {
      if (text.find("EXEC") != std::string::npos)
        peer.send("+OK\r\n-READONLY no\r\n+QUEUED\r\n-READONLY no\r\n-EXECABORT no\r\n");
    }
  });
  RedisCache redis(RedisOptions::from_url("unix://" + server.path() + "?timeout=20s&connect_timeout=20s"));
  for (int i = 0; i < 5; ++i) EXPECT_THROW(redis.store(Key("k"), sample_entry(), {}), Error);
  EXPECT_LE(connections, 2);
}

/// A cache on a server that takes `time` to let somebody in, answers one lookup and closes the connection.
class ServerSlowToReach {
 public:
  ServerSlowToReach(std::chrono::milliseconds time, const GuardOptions& guard)
      : server_([time](ScriptedPeer& peer, int) {
          peer.await("AUTH");
          std::this_thread::sleep_for(time);
          peer.send("+OK\r\n");
          peer.await("MGET");
          peer.send("*3\r\n$-1\r\n$-1\r\n$-1\r\n");
        }),
        cache_(std::make_shared<RedisCache>(
                   RedisOptions::from_url("unix://" + server_.path() + "?password=pw&timeout=20s&connect_timeout=20s")),
               guard) {}

  Guarded& cache() { return cache_; }

 private:
  ScriptedServer server_;
  Guarded cache_;
};

TEST(RedisOutage, AServerThatTakesLongToReachIsNotASlowOne) {
  GuardOptions guard;
  guard.slow = std::chrono::milliseconds(120);
  guard.patience = std::chrono::milliseconds(200);
  ServerSlowToReach server(std::chrono::milliseconds(250), guard);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(server.cache().lookup(Key("k"), {}).reason, MissReason::absent);
  EXPECT_EQ(server.cache().snapshot().outages, 0U);
}

TEST(RedisOutage, AServerThatHasToBeReachedAnewForEveryOperationIsASlowOneInTheEnd) {
  GuardOptions guard;
  guard.slow = std::chrono::milliseconds(2);
  guard.patience = std::chrono::milliseconds(20);
  ServerSlowToReach server(std::chrono::milliseconds(5), guard);
  int asked = 0;
  for (; asked < 500 && server.cache().snapshot().outages == 0; ++asked) (void)server.cache().lookup(Key("k"), {});
  EXPECT_LT(asked, 500);
}

TEST_F(RedisOutageTest, WhatIsDoneWithAnEntryHereIsToldFromTheServersTime) {
  const TemporaryFolder blobs;
  RedisCache redis = cache("?inline=4KiB&blobs=" + blobs.path().string());
  const Entry large = sample_entry(10'000);
  const auto spent = [](const std::function<void()>& act) {
    const auto before = LocalWork::spent();
    act();
    return LocalWork::spent() - before;
  };
  const auto none = LocalWork::SteadyClock::duration::zero();
  EXPECT_GT(spent([&] { redis.store(key_, large, {}); }), none);
  EXPECT_GT(spent([&] { EXPECT_TRUE(redis.lookup(key_, {}).hit()); }), none);
  EXPECT_GT(spent([&] { (void)redis.touch(key_, std::nullopt); }), none);
  EXPECT_EQ(spent([&] { (void)redis.contains(key_); }), none);
}

TEST(RedisOutage, SomethingThatIsNotRedisIsAMiss) {
  ScriptedServer server([](ScriptedPeer& peer, int) {
    peer.await("MGET");
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  Guarded redis(std::make_shared<RedisCache>(
      RedisOptions::from_url("unix://" + server.path() + "?timeout=20s&connect_timeout=20s")));
  EXPECT_THAT(redis.lookup(Key("k"), {}).detail, testing::HasSubstr("no Redis server"));
}

}  // namespace
}  // namespace neve
