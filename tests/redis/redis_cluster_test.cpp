// A cluster of three masters, started here: slots, redirections, and a reshard while it is in use.
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <utility>

#include <gmock/gmock.h>

#include <neve/base/error.hpp>
#include <neve/cache/guarded.hpp>
#include <neve/cache/redis_flight.hpp>
#include <neve/cache/refused.hpp>

#include "cache/redis/topology/slots.hpp"
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
  /// A key whose slot is one of these.
  static Key key_between(int first, int last) {
    for (int i = 0;; ++i) {
      const std::string name = "b" + std::to_string(i);
      if (const int slot = redis::key_slot("{" + name + "}"); first <= slot && slot <= last) return Key(name);
    }
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
  const TimePoint later = Clock::system().now() + std::chrono::hours(1);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(cluster.touch(keys[i], later)) << i;
  EXPECT_EQ(cluster.lookup(keys[3], {}).expires_at, later);
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

TEST_F(RedisClusterTest, OfMastersThatLetNobodyInOneIsWaitedFor) {
  for (auto* server : {&a_, &b_, &c_}) (void)ask(*server, "config set requirepass secret");
  RedisOptions options = RedisOptions::from_url("redis+cluster://:secret@" + a_.address() + "?connect_timeout=200ms");
  // Of c_, which is asked first, then of a_ and b_.
  const std::vector<Key> keys{key_between(10923, 16383), key_between(0, 5460), key_between(5461, 10922)};
  c_.hang();
  EXPECT_THROW((void)RedisCache(options).lookup_many(keys, {}), Error);
  for (auto* server : {&a_, &b_}) {
    EXPECT_THAT(ask(*server, "-a secret info commandstats"), testing::Not(testing::HasSubstr("cmdstat_get:")));
  }
}

/// What a run holds: the cache behind a guard, with the timeouts that an URL has by default.
class GuardedClusterTest : public RedisClusterTest {
 protected:
  static constexpr int kKeys = 60;

  GuardedClusterTest() {
    for (auto* server : {&a_, &b_, &c_}) (void)ask(*server, "config set cluster-require-full-coverage no");
    RedisCache direct = cache();
    for (int i = 0; i < kKeys; ++i) direct.store(key(i), sample_entry(8, i), {});
    with_c_ = std::stoi(ask(c_, "dbsize")) / 2;
  }

  static Key key(int i) { return Key("k" + std::to_string(i)); }

  /// How many of the keys are hits, one after another.
  static int hits(CacheBackend& cache) {
    int count = 0;
    for (int i = 0; i < kKeys; ++i) count += cache.lookup(key(i), {}).hit() ? 1 : 0;
    return count;
  }

  int with_c_ = 0;  // entries
  std::shared_ptr<Guarded> guarded_ =
      std::make_shared<Guarded>(std::make_shared<RedisCache>(RedisOptions::from_url(url())));
};

TEST_F(GuardedClusterTest, AMasterThatIsGoneCostsItsOwnEntriesOnly) {
  ASSERT_TRUE(eventually([&] { return hits(*guarded_) == kKeys; }));
  c_.kill();
  EXPECT_TRUE(eventually([&] { return hits(*guarded_) == kKeys - with_c_; }));
  EXPECT_TRUE(guarded_->available());
  EXPECT_GT(guarded_->snapshot().errors_by_kind["NODEAWAY"], 0U);
  std::vector<Key> keys;
  for (int i = 0; i < kKeys; ++i) keys.push_back(key(i));
  const auto together = guarded_->lookup_many(keys, {});
  EXPECT_EQ(std::count_if(together.begin(), together.end(), [](const LookupResult& one) { return one.hit(); }),
            kKeys - with_c_);
}

TEST_F(GuardedClusterTest, AMasterThatHangsIsSetAsideUntilItAnswers) {
  ASSERT_TRUE(eventually([&] { return hits(*guarded_) == kKeys; }));
  c_.hang();
  EXPECT_TRUE(eventually([&] { return hits(*guarded_) == kKeys - with_c_; }));
  c_.resume();
  EXPECT_TRUE(eventually([&] { return hits(*guarded_) == kKeys; }));
}

TEST_F(GuardedClusterTest, AMasterThatTheCacheHasFoundAwayItsLeasesDoNotWaitFor) {
  const std::string patient = url("?timeout=400ms&connect_timeout=400ms");
  const auto guarded = std::make_shared<Guarded>(std::make_shared<RedisCache>(RedisOptions::from_url(patient)));
  RedisFlight flight(RedisOptions::from_url(patient), guarded);
  ASSERT_TRUE(eventually([&] { return hits(*guarded) == kKeys; }));
  c_.hang();
  ASSERT_TRUE(eventually([&] { return hits(*guarded) == kKeys - with_c_; }));
  const auto timeouts = guarded->snapshot().errors_by_kind["timeout"];
  for (int i = 0; i < kKeys; ++i) EXPECT_TRUE(flight.try_acquire(key(i))) << i;
  EXPECT_EQ(guarded->snapshot().errors_by_kind["timeout"], timeouts);
}

TEST_F(GuardedClusterTest, OfAClusterThatHangsNoMoreThanOneCallerWaits) {
  ASSERT_TRUE(eventually([&] { return hits(*guarded_) == kKeys; }));
  for (auto* server : {&a_, &b_, &c_}) server->hang();
  for (int i = 0; i < kKeys; ++i) (void)guarded_->lookup(key(i), {});
  EXPECT_EQ(guarded_->snapshot().outages, 1U);
  EXPECT_EQ(guarded_->snapshot().skipped, static_cast<std::uint64_t>(kKeys - 1));
  for (auto* server : {&a_, &b_, &c_}) server->resume();
  EXPECT_TRUE(eventually([&] { return hits(*guarded_) == kKeys; }));
}

/// Servers that leave their addresses for others, as pods do when they are started again.
class WanderingClusterTest : public GuardedClusterTest {
 protected:
  static std::string tell(const RedisServer& server, const std::string& command) {
    return output_of("redis-cli -s " + server.socket_path() + " " + command);
  }
  /// Which server moves to which port.
  using Moves = std::vector<std::pair<const RedisServer*, int>>;

  static void set(const RedisServer& server, const std::string& setting, int value) {
    ASSERT_EQ(tell(server, "config set " + setting + " " + std::to_string(value)), "OK\n");
  }
  /// Who looks for them finds them there only, and the others do not know.
  static void leave(const Moves& moves) {
    for (const auto& [server, port] : moves) {
      set(*server, "cluster-announce-bus-port", server->port() + 10'000);
      set(*server, "cluster-announce-port", named_port(*server));
      set(*server, "port", port);
    }
  }
  static void hang_up(const Moves& moves) {
    for (const auto& [server, port] : moves) (void)tell(*server, "client kill type normal");
  }
  /// The others learn it.
  void announce(const Moves& moves) const {
    for (const auto& [server, port] : moves) set(*server, "cluster-announce-port", port);
    for (const auto& [server, port] : moves) {
      const std::string name = ":" + std::to_string(port) + "@";
      for (const auto* node : {&a_, &b_, &c_}) {
        ASSERT_TRUE(eventually([&] { return tell(*node, "cluster nodes").find(name) != std::string::npos; }));
      }
    }
  }
  /// The one by which the cluster knows it.
  static int named_port(const RedisServer& server) {
    const std::string line = tell(server, "cluster nodes | grep myself");
    return std::stoi(line.substr(line.find(':') + 1));
  }
  /// A free one whose server's name comes after that of the server at `port`.
  static int later_than(int port) {
    for (;;) {
      if (const int later = free_port(); later > port) return later;
    }
  }
  static std::ptrdiff_t count(const std::filesystem::path& folder) {
    return std::distance(std::filesystem::directory_iterator(folder), {});
  }
};

TEST_F(WanderingClusterTest, AddressesThatNobodyNamesAnyMoreAreLetGo) {
  const std::string patient = url("?timeout=5s&connect_timeout=5s");
  const auto guarded = std::make_shared<Guarded>(std::make_shared<RedisCache>(RedisOptions::from_url(patient)));
  ASSERT_TRUE(eventually([&] { return hits(*guarded) == kKeys; }));
  const auto files = count("/proc/self/fd");
  const auto threads = count("/proc/self/task");

  // One while it is not asked anything.
  const Moves first{{&c_, later_than(c_.port())}};
  leave(first);
  announce(first);
  EXPECT_EQ(guarded->usage().entries, std::size_t{kKeys});  // reads the map again
  EXPECT_EQ(hits(*guarded), kKeys);
  EXPECT_EQ(count("/proc/self/fd"), files);

  auto alone = settings();
  alone.push_back("cluster-port " + std::to_string(free_port()));
  const RedisServer of_another_cluster(alone, c_.port());
  ASSERT_EQ(of_another_cluster.port(), c_.port());
  ASSERT_EQ(ask(of_another_cluster, "cluster addslotsrange 0 16383"), "OK\n");
  // Two, which are found away before the others know where they are.
  const Moves second{{&a_, free_port()}, {&b_, free_port()}};
  leave(second);
  hang_up(second);
  ASSERT_TRUE(eventually([&] { return hits(*guarded) == with_c_; }));
  announce(second);
  ASSERT_TRUE(eventually([&] { return hits(*guarded) == kKeys; }));

  // All at once: only the URL says where one of them is, again.
  const Moves third{{&a_, a_.port()}, {&b_, free_port()}, {&c_, free_port()}};
  leave(third);
  hang_up(third);
  announce(third);
  ASSERT_TRUE(eventually([&] { return hits(*guarded) == kKeys; }));

  EXPECT_TRUE(eventually([&] { return count("/proc/self/task") <= threads; }));
}

TEST_F(GuardedClusterTest, ASlotThatStaysOnItsWayCostsItsOwnEntriesOnly) {
  const Key on_its_way = key_between(0, 5460);
  const std::string slot = std::to_string(redis::key_slot("{" + on_its_way.text() + "}"));
  (void)ask(b_, "cluster setslot " + slot + " importing " + ask(a_, "cluster myid"));
  (void)ask(a_, "cluster setslot " + slot + " migrating " + ask(b_, "cluster myid"));
  StoreOptions
      under_lease;  // a script with several keys, none of which is there yet: to be tried again, both nodes say
  under_lease.lease_token = "token";
  EXPECT_THAT(guarded_->store(on_its_way, sample_entry(), under_lease).declined, testing::HasSubstr("TRYAGAIN"));
  EXPECT_EQ(guarded_->snapshot().outages, 0U);
  EXPECT_TRUE(guarded_->store(on_its_way, sample_entry(), {}).stored);
}

TEST_F(GuardedClusterTest, NodesThatSendACommandInCirclesAreAway) {
  int number = 0;  // of a key whose slot is empty
  const auto slot_of = [](int i) { return redis::key_slot("{n" + std::to_string(i) + "}"); };
  while (ask(a_, "cluster countkeysinslot " + std::to_string(slot_of(number))) != "0\n") ++number;
  std::array<RedisServer*, 3> servers{&a_, &b_, &c_};
  std::array<std::string, 3> ids;
  for (int i = 0; i < 3; ++i) ids[i] = ask(*servers[i], "cluster myid");
  for (int i = 0; i < 3; ++i)
    (void)ask(*servers[i], "cluster setslot " + std::to_string(slot_of(number)) + " node " + ids[(i + 1) % 3]);
  const LookupResult lost = guarded_->lookup(Key("n" + std::to_string(number)), {});
  EXPECT_EQ(lost.reason, MissReason::unavailable);
  EXPECT_THAT(lost.detail, testing::HasSubstr("disagree about which of them serves a slot"));
  EXPECT_FALSE(guarded_->available());
}

TEST_F(RedisClusterTest, NoBlobsAreCollectedWhileSlotsAreOnTheirWay) {
  const TemporaryFolder blobs;
  RedisOptions options = RedisOptions::from_url(url("?blobs=" + blobs.path().string()));
  options.connect_timeout = options.operation_timeout = std::chrono::seconds(20);
  RedisCache cluster(options);
  EXPECT_EQ(cluster.collect_blobs(std::chrono::seconds(-1)).removed, 0U);
  (void)ask(a_, "cluster setslot 0 migrating " + ask(b_, "cluster myid"));
  try {
    (void)cluster.collect_blobs(std::chrono::seconds(-1));
    FAIL() << "it collected";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_THAT(error.what(), testing::HasSubstr("is being resharded"));
  }
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
