// A cluster of three masters, started here: slots, redirections, and a reshard while it is in use.
#include <sys/wait.h>

#include <atomic>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/refused.hpp>

#include "cache/redis/slots.hpp"
#include "redis_fixture.hpp"
#include "support/redis_cluster.hpp"

namespace neve {
namespace {

class RedisClusterTest : public testing::Test, protected RedisCluster {
 protected:
  [[nodiscard]] RedisCache cache() const {
    RedisOptions options = RedisOptions::from_url(url());
    options.connect_timeout = options.operation_timeout = std::chrono::seconds(20);
    return RedisCache(options);
  }
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
