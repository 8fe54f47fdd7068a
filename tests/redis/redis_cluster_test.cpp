// A cluster of three masters, started here: slots, redirections, and a reshard while it is in use.
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <functional>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/refused.hpp>

#include "cache/redis/slots.hpp"
#include "redis_fixture.hpp"

namespace neve {
namespace {

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), count);
  return ::pclose(pipe) == 0 ? text : "failed: " + command + "\n" + text;
}

bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < end) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

class RedisClusterTest : public testing::Test {
 protected:
  static std::vector<std::string> settings() {
    return {"cluster-enabled yes", "cluster-config-file nodes.conf", "cluster-node-timeout 3000"};
  }

  RedisClusterTest() {
    std::string nodes;
    for (auto* server : {&a_, &b_, &c_}) nodes += " " + server->address();
    const std::string made = output_of("redis-cli --cluster create" + nodes + " --cluster-yes");
    if (made.starts_with("failed")) throw std::runtime_error(made);
    const bool ready = eventually([&] {
      for (auto* server : {&a_, &b_, &c_}) {
        if (ask(*server, "cluster info").find("cluster_state:ok") == std::string::npos) return false;
      }
      return true;
    });
    if (!ready) throw std::runtime_error("the cluster does not form");
  }

  static std::string ask(const RedisServer& server, const std::string& command) {
    return output_of("redis-cli -p " + std::to_string(server.port()) + " " + command);
  }

  [[nodiscard]] RedisCache cache() const {
    RedisOptions options = RedisOptions::from_url("redis+cluster://" + a_.address() + "," + b_.address());
    options.connect_timeout = options.operation_timeout = std::chrono::seconds(20);
    return RedisCache(options);
  }

  RedisServer a_{settings(), free_cluster_port()};
  RedisServer b_{settings(), free_cluster_port()};
  RedisServer c_{settings(), free_cluster_port()};
};

TEST_F(RedisClusterTest, EntriesAreSpreadAndFound) {
  RedisCache cluster = cache();
  std::vector<Key> keys;
  for (int i = 0; i < 100; ++i) {
    keys.emplace_back("k" + std::to_string(i));
    ASSERT_TRUE(cluster.store(keys.back(), sample_entry(4, i), {}).stored);
  }
  const auto found = cluster.lookup_many(keys, {});
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(found[i].hit() && same(*found[i].entry, sample_entry(4, i))) << i;
  for (auto* server : {&a_, &b_, &c_}) EXPECT_NE(ask(*server, "dbsize"), "0\n");
  EXPECT_EQ(cluster.usage().entries, 100U);
  EXPECT_TRUE(cluster.contains(keys[3]));
  EXPECT_TRUE(cluster.erase(keys[3]));
  EXPECT_FALSE(cluster.contains(keys[3]));
  EXPECT_EQ(cluster.lookup(keys[3], {}).reason, MissReason::absent);
}

TEST_F(RedisClusterTest, AReshardUnderLoadLosesNothing) {
  RedisCache cluster = cache();
  constexpr int kKeys = 60;
  const auto key = [](int i) { return Key("k" + std::to_string(i)); };
  for (int i = 0; i < kKeys; ++i) cluster.store(key(i), sample_entry(8, i), {});
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::atomic<int> rounds{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t; !done || rounds < 3 * kKeys; ++i, ++rounds) {
        const LookupResult found = cluster.lookup(key(i % kKeys), {});
        if (!found.hit() || !same(*found.entry, sample_entry(8, i % kKeys))) ++wrong;
        if (i % 5 == 0) cluster.store(key(i % kKeys), sample_entry(8, i % kKeys), {});
      }
    });
  }
  std::string from = ask(a_, "cluster myid");
  std::string to = ask(b_, "cluster myid");
  from.pop_back();
  to.pop_back();
  const std::string moved = output_of("redis-cli --cluster reshard " + a_.address() + " --cluster-from " + from +
                                      " --cluster-to " + to + " --cluster-slots 5461 --cluster-yes");
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(moved, testing::Not(testing::StartsWith("failed")));
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(ask(a_, "dbsize"), "0\n");
  for (int i = 0; i < kKeys; ++i) EXPECT_TRUE(cluster.lookup(key(i), {}).hit()) << i;
}

TEST_F(RedisClusterTest, AnEntryThatMovedToANewMasterSinceTheMapWasReadIsCounted) {
  RedisCache cluster = cache();
  int number = 0;
  while (redis::key_slot("{k" + std::to_string(number) + "}") >= 100) ++number;
  cluster.store(Key("k" + std::to_string(number)), sample_entry(), {});
  EXPECT_EQ(cluster.usage().entries, 1U);
  RedisServer late{settings(), free_cluster_port()};
  const auto id_of = [](const RedisServer& server) {
    std::string id = ask(server, "cluster myid");
    id.pop_back();
    return id;
  };
  ASSERT_THAT(output_of("redis-cli --cluster add-node " + late.address() + " " + a_.address()),
              testing::Not(testing::StartsWith("failed")));
  ASSERT_TRUE(eventually([&] { return ask(late, "cluster info").find("cluster_state:ok") != std::string::npos; }));
  // The nodes take a few seconds to agree that there is one more.
  std::string moved;
  ASSERT_TRUE(eventually([&] {
    moved = output_of("redis-cli --cluster reshard " + a_.address() + " --cluster-from " + id_of(a_) +
                      " --cluster-to " + id_of(late) + " --cluster-slots 100 --cluster-yes");
    return !moved.starts_with("failed");
  })) << moved;
  ASSERT_EQ(ask(late, "dbsize"), "2\n");
  EXPECT_EQ(cluster.usage().entries, 1U);
}

TEST_F(RedisClusterTest, NothingIsCountedWherePartsCannotBeSeen) {
  RedisCache cluster = cache();
  cluster.store(Key("k"), sample_entry(), {});
  // Nobody serves the slot any more, and the cluster says so.
  for (auto* server : {&a_, &b_, &c_}) (void)ask(*server, "cluster delslots 0");
  EXPECT_THROW((void)cluster.usage(), Error);
}

TEST_F(RedisClusterTest, AClusterThatHasLostAMasterRefusesOrIsAwayAndNeverHangs) {
  RedisCache cluster = cache();
  for (int i = 0; i < 30; ++i) cluster.store(Key("k" + std::to_string(i)), sample_entry(), {});
  c_.kill();
  int answered = 0;
  for (int i = 0; i < 30; ++i) {
    try {
      if (cluster.lookup(Key("k" + std::to_string(i)), {}).hit()) ++answered;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::unavailable) << error.what();
    }
  }
  EXPECT_LT(answered, 30);
}

TEST_F(RedisClusterTest, OneNodeCollectsNoBlobsOfTheOthers) {
  const TemporaryFolder blobs;
  RedisOptions options = RedisOptions::from_url("redis://" + a_.address() + "?blobs=" + blobs.path().string());
  options.connect_timeout = options.operation_timeout = std::chrono::seconds(20);
  try {
    RedisCache(options).collect_blobs(std::chrono::seconds(-1));
    FAIL() << "it collected";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_NE(std::string(error.what()).find("redis+cluster://"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace neve
