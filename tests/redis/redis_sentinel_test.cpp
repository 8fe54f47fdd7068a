// A master with one replica, watched by three sentinels, all started here; then the master is killed.
#include <array>
#include <future>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/guarded.hpp>

#include "redis_fixture.hpp"
#include "support/eventually.hpp"

namespace neve {
namespace {

/// A redis-server as a sentinel. It rewrites its own configuration file.
std::vector<std::string> sentinel_settings(const RedisServer& master) {
  return {"sentinel monitor mymaster 127.0.0.1 " + std::to_string(master.port()) + " 2",
          "sentinel down-after-milliseconds mymaster 700", "sentinel failover-timeout mymaster 3000",
          "sentinel parallel-syncs mymaster 1"};
}

redis::Reply ask(const RedisServer& server, std::initializer_list<redis::Argument> arguments) {
  RedisOptions options = RedisOptions::from_url(server.tcp_url("?timeout=20s&connect_timeout=20s"));
  const redis::Command command(arguments);
  return std::move(redis::make_client(options)->run({&command, 1}).front());
}

class RedisSentinelTest : public testing::Test {
 protected:
  RedisSentinelTest() {
    const bool complete = eventually([&] {
      for (auto* sentinel : {&first_, &second_, &third_}) {
        const std::string known(ask(*sentinel, {"INFO", "sentinel"}).text());
        if (known.find("slaves=1,sentinels=3") == std::string::npos) return false;
      }
      return true;
    });
    if (!complete) throw std::runtime_error("the sentinels do not find each other");
  }

  [[nodiscard]] std::string url(const std::string& name = "mymaster") const {
    return "redis+sentinel://" + first_.address() + "," + second_.address() + "," + third_.address() + "/" + name +
           "?timeout=20s&connect_timeout=20s";
  }

  RedisServer master_;
  RedisServer replica_{{"replicaof 127.0.0.1 " + std::to_string(master_.port())}};
  RedisServer first_{sentinel_settings(master_), free_port(), RedisServer::Role::sentinel};
  RedisServer second_{sentinel_settings(master_), free_port(), RedisServer::Role::sentinel};
  RedisServer third_{sentinel_settings(master_), free_port(), RedisServer::Role::sentinel};
  const Key key_{"k"};
};

TEST_F(RedisSentinelTest, TheMasterIsFoundAndAfterItsDeathTheNewOne) {
  const auto plain = std::make_shared<RedisCache>(RedisOptions::from_url(url()));
  GuardOptions guard;
  guard.first_pause = std::chrono::milliseconds(10);
  guard.longest_pause = std::chrono::milliseconds(100);
  guard.slow = guard.patience = std::chrono::seconds(60);
  Guarded cache(plain, guard);
  EXPECT_TRUE(cache.store(key_, sample_entry(), {}).stored);
  EXPECT_TRUE(eventually([&] { return ask(replica_, {"DBSIZE"}).integer == 2; }));
  master_.kill();
  EXPECT_TRUE(eventually([&] { return cache.store(key_, sample_entry(8, 2), {}).stored; }));
  EXPECT_EQ(ask(replica_, {"ROLE"}).items.front().text(), "master");
  EXPECT_TRUE(same(*plain->lookup(key_, {}).entry, sample_entry(8, 2)));
}

TEST_F(RedisSentinelTest, AMasterThatWasReplacedAndIsRestartedGetsNothingMore) {
  RedisCache cache(RedisOptions::from_url(url()));
  EXPECT_TRUE(cache.store(key_, sample_entry(), {}).stored);
  EXPECT_TRUE(eventually([&] { return ask(replica_, {"DBSIZE"}).integer == 2; }));
  master_.kill();
  EXPECT_TRUE(eventually([&] {
    const redis::Reply named = ask(first_, {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster"});
    return named.items.at(1).text() == std::to_string(replica_.port());
  }));
  const RedisServer restarted({}, master_.port());  // says that it is a master until it is told otherwise
  EXPECT_TRUE(cache.store(Key("later"), sample_entry(), {}).stored);
  EXPECT_EQ(ask(replica_, {"DBSIZE"}).integer, 4);
}

TEST_F(RedisSentinelTest, AnUnknownMasterIsNamed) {
  RedisCache cache(RedisOptions::from_url(url("other")));
  try {
    (void)cache.lookup(key_, {});
    FAIL() << "found a master that nobody watches";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_THAT(error.what(), testing::HasSubstr("knows no master 'other'"));
  }
}

TEST_F(RedisSentinelTest, ADeadSentinelIsPassedOver) {
  first_.kill();
  RedisCache cache(RedisOptions::from_url(url()));
  EXPECT_TRUE(cache.store(key_, sample_entry(), {}).stored);
}

TEST_F(RedisSentinelTest, SentinelsThatHangHideNoneThatAnswers) {
  for (auto* sentinel : {&first_, &second_}) sentinel->hang();
  RedisOptions options = RedisOptions::from_url(url());
  options.connect_timeout = options.operation_timeout = std::chrono::milliseconds(100);
  RedisCache cache(options);
  EXPECT_TRUE(eventually([&] {
    try {
      return cache.store(key_, sample_entry(), {}).stored;
    } catch (const Error&) {
      return false;
    }
  }));
}

TEST(RedisSentinel, AConnectionThatIsClosedWhileTheSentinelsAreAskedHarmsNobody) {
  const RedisServer master;
  RedisServer sentinel({"sentinel monitor mymaster 127.0.0.1 " + std::to_string(master.port()) + " 1"}, free_port(),
                       RedisServer::Role::sentinel);
  RedisCache cache(
      RedisOptions::from_url("redis+sentinel://" + sentinel.address() + "/mymaster?timeout=20s&connect_timeout=20s"));
  EXPECT_TRUE(cache.store(Key("k"), sample_entry(), {}).stored);
  const auto close_all = [&] { (void)ask(master, {"CLIENT", "KILL", "TYPE", "normal"}); };
  close_all();
  sentinel.hang();
  // One of two finds the closed connection and asks the sentinel; the other opens one of its own.
  std::array<std::future<LookupResult>, 2> found;
  for (auto& one : found) one = std::async(std::launch::async, [&] { return cache.lookup(Key("k"), {}); });
  const auto is_done = [](const auto& one) {
    return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  };
  EXPECT_TRUE(eventually([&] { return is_done(found[0]) || is_done(found[1]); }));
  close_all();
  sentinel.resume();
  for (auto& one : found) EXPECT_TRUE(one.get().hit());
}

}  // namespace
}  // namespace neve
