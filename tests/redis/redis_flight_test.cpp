// One computation per key across processes that share nothing but a Redis.
#include <sys/wait.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include <neve/base/file.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/cache/redis_flight.hpp>
#include <neve/cache/tiered.hpp>

#include "redis_fixture.hpp"
#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/forwarding_cache.hpp"
#include "support/meeting.hpp"
#include "support/no_more_threads.hpp"
#include "support/scripted_server.hpp"

namespace neve {
namespace {

/// Stands between a client and a server, and loses the answer to one script, the first or another. `lost` runs when
/// that has happened.
class ForgetfulRelay {
 public:
  ForgetfulRelay(std::string server_path, std::function<void()> lost, int script = 1)
      : server_path_(std::move(server_path)), lost_(std::move(lost)), until_lost_(script) {}

  [[nodiscard]] RedisOptions options() const {
    RedisOptions result = RedisOptions::from_url("unix://" + relay_.path());
    result.connect_timeout = result.operation_timeout = std::chrono::seconds(20);
    return result;
  }

 private:
  void forward(ScriptedPeer& client) {
    const FileDescriptor server = connect_to(server_path_);
    ScriptedPeer peer(server.get());
    for (std::string command = client.receive(); !command.empty(); command = client.receive()) {
      peer.send(command);
      const std::string answer = peer.receive();
      if (command.find("EVAL") != std::string::npos && --until_lost_ == 0) return lost_();
      client.send(answer);
    }
  }
  static FileDescriptor connect_to(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    FileDescriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0)
      throw std::runtime_error("cannot connect to " + path);
    return fd;
  }

  std::string server_path_;
  std::function<void()> lost_;
  int until_lost_;
  ScriptedServer relay_{[this](ScriptedPeer& client, int /*number*/) { forward(client); }};
};

class RedisFlightTest : public RedisTest {
 protected:
  [[nodiscard]] std::unique_ptr<RedisFlight> flight(
      std::chrono::milliseconds lifetime = std::chrono::seconds(10)) const {
    return std::make_unique<RedisFlight>(options(), nullptr, lifetime);
  }
  /// In a child: it has the lease until it ends.
  bool takes_lease() {
    of_child_ = flight(std::chrono::hours(1));
    held_by_child_ = of_child_->try_acquire(key_);
    return held_by_child_ != nullptr;
  }
  Computed computed(double value) {
    Computed result;
    result.entry = sample_entry(4, value);
    return result;
  }

 private:
  std::unique_ptr<RedisFlight> of_child_;
  std::unique_ptr<FlightLease> held_by_child_;
};

TEST_F(RedisFlightTest, OneHolderAtATime) {
  const auto here = flight();
  const auto there = flight();
  auto lease = here->try_acquire(key_);
  ASSERT_TRUE(lease);
  EXPECT_TRUE(lease->held());
  EXPECT_FALSE(there->try_acquire(key_));
  EXPECT_FALSE(here->try_acquire(key_));
  lease.reset();
  EXPECT_EQ(ask({"EXISTS", "phys-pipeline:0a1b:lease"}).integer, 0);
  EXPECT_TRUE(there->try_acquire(key_));
}

TEST_F(RedisFlightTest, WhereNobodyCouldExtendALeaseNoneIsTaken) {
  RedisFlight flight(options());
  {
    const NoMoreThreads limit;
    const auto none = flight.try_acquire(key_);
    ASSERT_NE(none, nullptr);
    EXPECT_EQ(none->token(), "");
  }
  const auto lease = flight.try_acquire(key_);
  ASSERT_NE(lease, nullptr);
  EXPECT_NE(lease->token(), "");
}

TEST_F(RedisFlightTest, AHeldLeaseIsExtendedPastItsLifetime) {
  const auto here = flight(std::chrono::milliseconds(300));
  const auto lease = here->try_acquire(key_);
  ASSERT_TRUE(lease);
  // Each third of its lifetime; after three it would have lapsed.
  int extended = 0;
  std::int64_t left = 0;
  EXPECT_TRUE(eventually([&] {
    const std::int64_t before = std::exchange(left, ask({"PTTL", "phys-pipeline:0a1b:lease"}).integer);
    return left > before && ++extended > 3;  // the first time is the lease itself
  }));
  EXPECT_TRUE(lease->held());
  EXPECT_FALSE(flight()->try_acquire(key_));
}

TEST_F(RedisFlightTest, ALeaseOfAnotherMachineLapsesAndSomebodyElseComputes) {
  for (const std::string& token : {std::string("0123"), "0123@" + std::string(16, 'a') + "-4567"}) {
    (void)ask({"SET", "phys-pipeline:0a1b:lease", token, "PX", "300"});
    EXPECT_FALSE(flight()->try_acquire(key_)) << token;
    RedisCache redis = cache();
    EXPECT_EQ(compute_once(redis, *flight(), key_, [&] { return computed(1); }).role, FlightRole::led);
    redis.erase(key_);
  }
}

TEST_F(RedisFlightTest, ALeaderOfThisMachineThatDiesIsReplacedAtOnce) {
  LivingChild child([this] { return takes_lease(); });
  EXPECT_TRUE(child.went_well());
  EXPECT_FALSE(flight()->try_acquire(key_));
  child.kill();
  const auto lease = flight()->try_acquire(key_);
  ASSERT_TRUE(lease);
  EXPECT_FALSE(flight()->try_acquire(key_));
  EXPECT_EQ(ask({"GET", "phys-pipeline:0a1b:lease"}).text(), lease->token());
}

TEST_F(RedisFlightTest, AFencedOffLeaderCannotPublishOverTheNewOne) {
  RedisCache redis = cache();
  const auto here = flight();
  const auto old_lease = here->try_acquire(key_);
  ask({"DEL", "phys-pipeline:0a1b:lease"});  // as if it had lapsed while the leader was stopped
  const auto new_lease = flight()->try_acquire(key_);
  ASSERT_TRUE(new_lease);
  StoreOptions by_new;
  by_new.lease_token = new_lease->token();
  EXPECT_TRUE(redis.store(key_, sample_entry(4, 2), by_new).stored);
  StoreOptions by_old;
  by_old.lease_token = old_lease->token();
  const StoreResult refused = redis.store(key_, sample_entry(4, 1), by_old);
  EXPECT_FALSE(refused.stored);
  EXPECT_THAT(refused.declined, testing::HasSubstr("lapsed"));
  EXPECT_TRUE(same(*redis.lookup(key_, {}).entry, sample_entry(4, 2)));
}

TEST_F(RedisFlightTest, ALeaderWhoseLeaseWasLostPublishesUnlessSomebodyElseHas) {
  RedisCache redis = cache();
  const auto lease = flight()->try_acquire(key_);
  StoreOptions store;
  store.lease_token = lease->token();
  ask({"FLUSHALL"});  // or restarted, or evicted
  EXPECT_TRUE(redis.store(key_, sample_entry(4, 1), store).stored);
  {
    const auto successor = flight()->try_acquire(key_);
    ASSERT_TRUE(successor);
    StoreOptions by_successor;
    by_successor.lease_token = successor->token();
    EXPECT_TRUE(redis.store(key_, sample_entry(4, 2), by_successor).stored);
  }
  EXPECT_TRUE(redis.store(key_, sample_entry(4, 1), store).fenced) << "the successor has published and let go";
  EXPECT_TRUE(same(*redis.lookup(key_, {}).entry, sample_entry(4, 2)));
}

TEST_F(RedisFlightTest, HalfAnEntryIsNoSuccessorsResult) {
  // A server that is full evicts halves, and leases, which have the least time left.
  RedisCache redis = cache();
  StoreOptions store;
  store.compute_s = 1;
  for (const char* half : {"meta", "arrays"}) {
    redis.store(key_, sample_entry(4, 1), store);
    ask({"DEL", std::string("phys-pipeline:0a1b:") + half});
    StoreOptions evicted = store;
    evicted.lease_token = "evicted";
    EXPECT_TRUE(redis.store(key_, sample_entry(4, 2), evicted).stored) << half;
  }
}

TEST_F(RedisFlightTest, AnEntryWithAHalfInTheBlobFolderIsASuccessorsResult) {
  const TemporaryFolder blobs;
  RedisCache redis = cache("?inline=200B&blobs=" + blobs.path().string());
  redis.store(key_, sample_entry(100, 1), {});
  ASSERT_EQ(ask({"EXISTS", "phys-pipeline:0a1b:arrays"}).integer, 0);
  ASSERT_EQ(ask({"EXISTS", "phys-pipeline:0a1b:meta"}).integer, 1);
  StoreOptions lapsed;
  lapsed.lease_token = "lapsed";
  EXPECT_TRUE(redis.store(key_, sample_entry(100, 2), lapsed).fenced);
}

TEST_F(RedisFlightTest, AStoreWhoseAnswerIsLostIsNotTakenForASuccessors) {
  const auto lease = flight()->try_acquire(key_);
  StoreOptions store;
  store.lease_token = lease->token();
  ForgetfulRelay relay(server_.socket_path(), [&] { ask({"DEL", "phys-pipeline:0a1b:lease"}); });
  RedisCache redis(relay.options());
  EXPECT_FALSE(redis.lookup(key_, {}).hit());  // a connection that may be stale is tried again
  const StoreResult result = redis.store(key_, sample_entry(), store);
  EXPECT_TRUE(result.stored) << result.declined;
  EXPECT_FALSE(result.fenced);
}

TEST_F(RedisFlightTest, ALeaseThatIsTakenOverIsHeldThoughTheAnswerIsLost) {
  LivingChild child([this] { return takes_lease(); });
  ASSERT_TRUE(child.went_well());
  child.kill();
  ForgetfulRelay relay(
      server_.socket_path(), [] {}, 2);  // the first asks for the lease
  RedisFlight here(relay.options(), nullptr, std::chrono::hours(1));
  const auto lease = here.try_acquire(key_);
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->token(), ask({"GET", "phys-pipeline:0a1b:lease"}).text());
}

TEST_F(RedisFlightTest, AComputationOutlivesTheLossOfItsLease) {
  RedisCache redis = cache();
  const auto shared = flight();
  const FlightOutcome outcome = compute_once(redis, *shared, key_, [&] {
    ask({"FLUSHALL"});
    return computed(5);
  });
  EXPECT_TRUE(outcome.store.stored) << outcome.store.declined;
  EXPECT_TRUE(redis.lookup(key_, {}).hit());
}

TEST_F(RedisFlightTest, AFencedOffLeaderPublishesInNoTierOfAChain) {
  const auto here = flight();
  const auto old_lease = here->try_acquire(key_);
  ask({"DEL", "phys-pipeline:0a1b:lease"});
  const auto new_lease = flight()->try_acquire(key_);
  ASSERT_TRUE(new_lease);
  const auto memory = std::make_shared<MemoryCache>(MemoryCacheOptions{});
  TieredCache chain({{memory}, {std::make_shared<RedisCache>(options())}});
  StoreOptions store;
  store.lease_token = old_lease->token();
  const StoreResult refused = chain.store(key_, sample_entry(4, 1), store);
  EXPECT_TRUE(refused.fenced) << refused.declined;
  EXPECT_FALSE(memory->contains(key_));
  store.lease_token = new_lease->token();
  EXPECT_TRUE(chain.store(key_, sample_entry(4, 2), store).stored);
  EXPECT_TRUE(memory->contains(key_));
}

TEST_F(RedisFlightTest, AFencedStoreIsLikeAnyOther) {
  RedisCache redis = cache("?ttl=1h");
  const auto lease = flight()->try_acquire(key_);
  StoreOptions store;
  store.lease_token = lease->token();
  EXPECT_TRUE(redis.store(key_, sample_entry(5000), store).stored);
  EXPECT_TRUE(same(*redis.lookup(key_, {}).entry, sample_entry(5000)));
  EXPECT_GT(ask({"PTTL", "phys-pipeline:0a1b:arrays"}).integer, 3'000'000);
}

TEST_F(RedisFlightTest, ThoseWhoWaitedForWhatIsNotKeptComputeAtOnce) {
  constexpr int kWaiters = 3;
  const auto leader = flight();
  auto theirs = leader->try_acquire(key_);
  std::latch waiting(kWaiters);
  Meeting meeting(kWaiters);
  std::vector<std::jthread> hosts;
  for (int h = 0; h < kWaiters; ++h) {
    hosts.emplace_back([&] {
      RedisCache redis = cache("?inline=1");
      FlightOptions options;
      options.before_pause = [&waiting, first = true]() mutable {
        if (std::exchange(first, false)) waiting.count_down();
      };
      const auto together = [&] {
        EXPECT_TRUE(meeting.attend());
        return computed(1);
      };
      EXPECT_FALSE(compute_once(redis, *flight(), key_, together, options).store.stored);
    });
  }
  waiting.wait();
  theirs->say_unkept(UnkeptFor::everybody);
  theirs.reset();
}

TEST_F(RedisFlightTest, ALeaderSaysWhetherOtherHostsFindItsResult) {
  using Heard = LeaseWatch::Heard;
  bool more_behind = false;
  const auto memory = [] { return std::make_shared<MemoryCache>(MemoryCacheOptions{}); };
  for (const bool kept : {false, true, false}) {
    const auto server = std::make_shared<RedisCache>(options(kept ? "" : "?inline=1"));
    const bool behind_it = std::exchange(more_behind, true);  // which other hosts do not see
    TieredCache chain(behind_it ? std::vector<Tier>{{memory()}, {server}, {memory()}}
                                : std::vector<Tier>{{memory()}, {server}});
    const auto there = flight();
    std::unique_ptr<LeaseWatch> watch;
    const FlightOutcome outcome = compute_once(chain, *flight(), key_, [&] {
      EXPECT_FALSE(there->try_acquire(key_));
      watch = there->watch(key_);
      return computed(1);
    });
    EXPECT_TRUE(outcome.store.stored);
    EXPECT_EQ(there->try_acquire(key_) != nullptr, kept);
    EXPECT_EQ(watch->listen(), kept ? Heard::nothing : Heard::unkept);
    EXPECT_EQ(there->watch(key_)->listen(), Heard::nothing) << "of who comes later";
    (void)ask({"FLUSHALL"});
  }
}

/// A server that a store reaches when a test lets it.
class SlowToReach final : public ForwardingCache {
 public:
  using ForwardingCache::ForwardingCache;
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    reached.wait();
    return ForwardingCache::store(key, entry, options);
  }

  std::latch reached{1};
};

TEST_F(RedisFlightTest, AnotherHostWaitsForAResultThatIsStillOnItsWayToTheServer) {
  const auto server = std::make_shared<SlowToReach>(std::make_shared<RedisCache>(options()));
  TieredCache chain({{std::make_shared<MemoryCache>(MemoryCacheOptions{})}, {server}}, {TierWrites::background});
  auto here = flight();
  const auto there = flight();
  const FlightOutcome led = compute_once(chain, *here, key_, [&] { return computed(1); });
  EXPECT_TRUE(led.store.stored);
  here.reset();  // the command, too, ends its flight before the cache has been drained
  RedisCache theirs = cache();
  EXPECT_FALSE(theirs.contains(key_));
  EXPECT_FALSE(there->try_acquire(key_));
  FlightOptions waiting;
  waiting.before_pause = [&, first = true]() mutable {
    if (std::exchange(first, false)) server->reached.count_down();
  };
  const FlightOutcome waited = compute_once(
      theirs, *there, key_, [&] { return computed(2); }, waiting);
  EXPECT_EQ(waited.role, FlightRole::waited);
  EXPECT_TRUE(same(waited.entry, led.entry));
  chain.drain();
  EXPECT_TRUE(there->try_acquire(key_));
}

TEST_F(RedisFlightTest, ALeaseThatOutlivesItsFlightIsExtendedAsEver) {
  const auto lease = flight(std::chrono::milliseconds(300))->try_acquire(key_);
  ASSERT_TRUE(lease);
  int extended = 0;
  std::int64_t left = 0;
  EXPECT_TRUE(eventually([&] {
    const std::int64_t before = std::exchange(left, ask({"PTTL", "phys-pipeline:0a1b:lease"}).integer);
    return left > before && ++extended > 3;
  }));
  EXPECT_TRUE(lease->held());
}

TEST_F(RedisFlightTest, AResultThatWasNotKeptFencesNobodyOff) {
  RedisCache redis = cache();
  const auto lease = flight()->try_acquire(key_);
  (void)ask({"DEL", "phys-pipeline:0a1b:lease"});
  auto next = flight()->try_acquire(key_);
  next->say_unkept(UnkeptFor::everybody);
  next.reset();
  EXPECT_GT(ask({"PTTL", "phys-pipeline:0a1b:lease"}).integer, 0) << "for those who wait";
  StoreOptions store;
  store.lease_token = lease->token();
  EXPECT_TRUE(redis.store(key_, sample_entry(4, 1), store).stored);
}

/// What a run holds: a cache behind a guard, and leases on the same server, with a timeout that is met.
class RedisFlightOutageTest : public RedisFlightTest {
 protected:
  RedisFlightOutageTest() {
    RedisOptions with = options();
    with.connect_timeout = with.operation_timeout = std::chrono::milliseconds(100);
    GuardOptions patient;
    patient.first_pause = std::chrono::milliseconds(2);
    patient.slow = patient.patience = std::chrono::seconds(60);
    guard_ = std::make_shared<Guarded>(std::make_shared<RedisCache>(with), patient);
    flight_ = std::make_unique<RedisFlight>(with, guard_, std::chrono::minutes(10));
  }
  [[nodiscard]] bool lease_is_there() { return ask({"EXISTS", "phys-pipeline:0a1b:lease"}).integer == 1; }

  std::shared_ptr<Guarded> guard_;
  std::unique_ptr<RedisFlight> flight_;
};

TEST_F(RedisFlightOutageTest, ALeaseGivenUpDuringAnOutageIsFreeSoonAfterIt) {
  for (const bool found_away_already : {false, true}) {
    std::unique_ptr<FlightLease> lease;
    ASSERT_TRUE(eventually([&] {  // a busy machine may look like an outage
      lease = flight_->try_acquire(key_);
      return lease && !lease->token().empty();
    }));
    server_.hang();
    if (found_away_already) (void)guard_->lookup(key_, {});
    lease.reset();
    server_.resume();
    EXPECT_TRUE(eventually([&] { return !lease_is_there(); })) << found_away_already;
  }
}

TEST_F(RedisFlightOutageTest, ALeaseThatTheServerGaveTooLateIsGivenUpWithTheOthers) {
  ASSERT_TRUE(eventually([&] { return !flight_->try_acquire(Key("another"))->token().empty(); }));
  server_.hang();
  auto lease = flight_->try_acquire(key_);
  ASSERT_TRUE(lease);
  EXPECT_TRUE(lease->held());
  EXPECT_EQ(lease->token(), "") << "nobody has said that it is ours";
  server_.resume();
  EXPECT_TRUE(eventually([&] { return lease_is_there(); }));
  lease.reset();
  EXPECT_TRUE(eventually([&] { return !lease_is_there(); }));
}

TEST_F(RedisFlightTest, WhileTheServerIsAwayEverybodyComputes) {
  server_.kill();
  const auto control = flight();
  const auto one = control->try_acquire(key_);
  const auto two = control->try_acquire(key_);
  ASSERT_TRUE(one && two);
  EXPECT_TRUE(one->held() && two->held());
}

TEST_F(RedisFlightTest, TwoProcessesWithSixteenThreadsEachComputeTwoHundredKeysOnce) {
  constexpr int kKeys = 200;
  const auto work = [&] {
    RedisCache redis = cache();
    const auto control = flight();
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kKeys; ++i) {
          const int k = (i * 7 + t * 13) % kKeys;
          const auto outcome = compute_once(redis, *control, Key("k" + std::to_string(k)), [&] {
            // Counted in the server, where both processes can be seen.
            const redis::Command count({"INCR", "count:" + std::to_string(k)});
            (void)redis::make_client(options())->run({&count, 1});
            return computed(k);
          });
          if (!same(outcome.entry, sample_entry(4, k))) ++wrong;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    return wrong.load();
  };
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work() == 0 ? 0 : 1);
  EXPECT_EQ(work(), 0);
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  for (int k = 0; k < kKeys; ++k) EXPECT_EQ(ask({"GET", "count:" + std::to_string(k)}).text(), "1") << k;
}

}  // namespace
}  // namespace neve
