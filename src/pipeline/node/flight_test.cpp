// One computation per key among runs that share a cache and nothing else, as runs of several processes do.
#include <gtest/gtest.h>

#include <latch>
#include <set>
#include <thread>
#include <unistd.h>

#include <neve/cache/tiered.hpp>

#include "pipeline/test_stages.hpp"
#include "support/declining_cache.hpp"
#include "support/forwarding_cache.hpp"

namespace neve {
namespace {

using namespace neve::testing;

/// Leases on a set in memory; what a test takes by hand, another process has.
class FakeFlight final : public FlightControl {
 public:
  [[nodiscard]] std::unique_ptr<FlightLease> try_acquire(const Key& key) override {
    const std::lock_guard lock(mutex_);
    ++asked;
    if (!held_.insert(key.text()).second) return nullptr;
    return std::make_unique<Lease>(*this, key.text());
  }

  std::atomic<int> asked{0};

 private:
  class Lease final : public FlightLease {
   public:
    Lease(FakeFlight& flight, std::string key) : flight_(flight), key_(std::move(key)) {}
    ~Lease() override {
      const std::lock_guard lock(flight_.mutex_);
      flight_.held_.erase(key_);
    }
    [[nodiscard]] bool held() override { return true; }
    [[nodiscard]] std::string token() const override { return "token"; }

   private:
    FakeFlight& flight_;
    std::string key_;
  };

  std::mutex mutex_;
  std::set<std::string> held_;
};

/// Keeps entries and the lease tokens they were stored with.
class TokenCache final : public ForwardingCache {
 public:
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    tokens.push_back(options.lease_token);
    if (overtaken) return {false, 0, "somebody else has taken over", true};
    return ForwardingCache::store(key, entry, options);
  }

  std::vector<std::string> tokens;
  bool overtaken = false;
};

/// Calls back at once, after telling the test; nobody waits.
class EagerTimer final : public Timer {
 public:
  explicit EagerTimer(std::function<void()> on_wait) : on_wait_(std::move(on_wait)) {}
  [[nodiscard]] std::unique_ptr<Ticket> call_after(std::chrono::milliseconds delay,
                                                   std::function<void()> callback) override {
    waited += delay;
    if (on_wait_) on_wait_();
    return std::make_unique<Call>(std::move(callback));
  }
  std::chrono::milliseconds waited{0};

 private:
  struct Call final : Ticket {
    explicit Call(std::function<void()> callback) : thread(std::move(callback)) {}
    std::jthread thread;
  };
  std::function<void()> on_wait_;
};

struct Flight : ::testing::Test {
  Graph graph_of(StagePtr stage) {
    Graph graph("g");
    graph.add("a", std::move(stage));
    return graph;
  }
  RunOptions options() {
    RunOptions options;
    options.cache = &cache;
    options.flight = &flight;
    return options;
  }
  /// The key of the graph's only node.
  static Key key_of(const Graph& graph) {
    MemoryCache other{MemoryCacheOptions{}};
    RunOptions options;
    options.cache = &other;
    return Key(run(graph, options).report.stages.front().key);
  }

  TokenCache cache;
  FakeFlight flight;
  Calls calls;
};

TEST_F(Flight, AComputedResultIsStoredUnderItsLeaseAndAHitNeedsNone) {
  const Graph graph = graph_of(source(3, calls));
  EXPECT_EQ(run(graph, options()).report.stages[0].outcome, StageOutcome::miss);
  EXPECT_EQ(cache.tokens, std::vector<std::string>{"token"});
  EXPECT_EQ(flight.asked, 1);
  EXPECT_EQ(run(graph, options()).report.stages[0].outcome, StageOutcome::hit);
  EXPECT_EQ(flight.asked, 1);
  EXPECT_TRUE(flight.try_acquire(key_of(graph)));  // given up after the run
}

/// Tells a test of every stage that asks for slots.
class QueueCount final : public RunObserver {
 public:
  explicit QueueCount(std::latch& queued) : queued_(queued) {}
  void stage_queued(const StageEvent& /*stage*/) override { queued_.count_down(); }

 private:
  std::latch& queued_;
};

TEST_F(Flight, AStoppedRunAsksForNoMoreLeases) {
  std::stop_source stop;
  std::latch queued(2);
  const auto stop_both = [&](StageContext&) {
    queued.wait();
    stop.request_stop();
    return Number{1};
  };
  Graph graph("g");
  for (const char* id : {"a", "b"}) graph.add(id, action(stop_both), {}, {.slots = Slots{.cpu = 2}});
  QueueCount observer(queued);
  RunOptions ours = options();
  ours.capacity.cpu = 2;
  ours.stop = stop.get_token();
  ours.observer = &observer;
  EXPECT_EQ(try_run(graph, ours).failures.size(), 2U);
  EXPECT_EQ(flight.asked, 1);
}

/// A far tier that takes nothing before a test lets it.
class LateTier final : public ForwardingCache {
 public:
  StoreResult store(const Key&, const Entry&, const StoreOptions&) override {
    arrived.wait();
    return {true, 0, {}};
  }

  std::latch arrived{1};
};

TEST_F(Flight, TheLeaseOfAResultThatIsOnItsWayInTheBackgroundIsHeldUntilItHasArrived) {
  const auto late = std::make_shared<LateTier>();
  TieredCache chain({{std::make_shared<MemoryCache>(MemoryCacheOptions{})}, {late}}, {TierWrites::background});
  RunOptions ours = options();
  ours.cache = &chain;
  const Graph graph = graph_of(source(3, calls));
  EXPECT_EQ(run(graph, ours).report.stages[0].outcome, StageOutcome::miss);
  EXPECT_FALSE(flight.try_acquire(key_of(graph)));
  late->arrived.count_down();
  chain.drain();
  EXPECT_TRUE(flight.try_acquire(key_of(graph)));
}

TEST_F(Flight, WhatAnotherProcessComputesIsWaitedForAndNotComputed) {
  const Graph graph = graph_of(source(3, calls));
  const Key key = key_of(graph);
  (void)calls.take();
  auto theirs = flight.try_acquire(key);
  int looks = 0;
  EagerTimer timer([&] {
    if (++looks < 3) return;
    if (!theirs) return;
    // The other process finishes: it stores, then gives up its lease.
    MemoryCache elsewhere{MemoryCacheOptions{}};
    RunOptions other;
    other.cache = &elsewhere;
    (void)run(graph_of(source(3, calls)), other);
    (void)calls.take();
    cache.store(key, *elsewhere.lookup(key, {}).entry, {});
    theirs.reset();
  });
  RunOptions ours = options();
  ours.timer = &timer;
  const RunResult result = run(graph, ours);
  EXPECT_EQ(result.report.stages[0].outcome, StageOutcome::shared);
  EXPECT_EQ(result.report.stages[0].reason, "another process computed it");
  EXPECT_EQ(result.get<Number>().value, 3);
  EXPECT_TRUE(calls.take().empty());
}

TEST_F(Flight, WaitingIsNotCountedAsMisses) {
  const Graph graph = graph_of(source(3, calls));
  auto theirs = flight.try_acquire(key_of(graph));
  int looks = 0;
  EagerTimer timer([&] {
    if (++looks == 10) theirs.reset();
  });
  Observed observed(std::make_shared<MemoryCache>(MemoryCacheOptions{}));
  RunOptions ours = options();
  ours.cache = &observed;
  ours.timer = &timer;
  EXPECT_EQ(run(graph, ours).report.stages[0].outcome, StageOutcome::miss);
  EXPECT_EQ(observed.snapshot().misses(), 1U);
}

/// Says that there is something under every key, and that it is somebody else's.
class ForeignCache final : public CacheBackend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "foreign"; }
  [[nodiscard]] LookupResult lookup(const Key&, const LookupOptions&) override {
    ++lookups;
    LookupResult result;
    result.reason = MissReason::foreign;
    return result;
  }
  StoreResult store(const Key&, const Entry&, const StoreOptions&) override { return {}; }
  bool erase(const Key&) override { return false; }
  [[nodiscard]] bool contains(const Key&) override { return true; }
  [[nodiscard]] Usage usage() override { return {}; }

  std::atomic<int> lookups{0};
};

TEST_F(Flight, AnEntryOfNoUseIsNotReadAgainAtEveryLook) {
  const Graph graph = graph_of(source(3, calls));
  auto theirs = flight.try_acquire(key_of(graph));
  ForeignCache foreign;
  int looks = 0;
  EagerTimer timer([&] {
    if (++looks == 30) theirs.reset();
  });
  RunOptions ours = options();
  ours.cache = &foreign;
  ours.timer = &timer;
  EXPECT_EQ(run(graph, ours).report.stages[0].outcome, StageOutcome::miss);
  EXPECT_LT(timer.waited, 2 * std::chrono::milliseconds(500));
  // The first, at most one in half a second, and the last, with the lease in hand.
  EXPECT_LE(foreign.lookups, 3);
}

TEST_F(Flight, WhatAnotherProcessCannotKeepIsNotWaitedFor) {
  const Graph graph = graph_of(source(3, calls));
  HostFlight host(std::to_string(::getpid()) + "unkept");
  const auto theirs = host.try_acquire(key_of(graph));  // and never given up: they are at the next one who waits
  (void)calls.take();
  DecliningCache declining;
  EagerTimer timer([&] { theirs->say_unkept(UnkeptFor::everybody); });
  RunOptions ours = options();
  ours.cache = &declining;
  ours.flight = &host;
  ours.timer = &timer;
  ours.longest_flight_wait = std::chrono::hours(1);
  EXPECT_EQ(run(graph, ours).report.stages[0].outcome, StageOutcome::miss);
  EXPECT_LT(timer.waited, std::chrono::minutes(1));
  EXPECT_EQ(calls.take().size(), 1U);
}

TEST_F(Flight, AStageWhoseResultIsNotKeptSaysSoToThoseWhoWait) {
  HostFlight host(std::to_string(::getpid()) + "unkept");
  DecliningCache declining;
  RunOptions ours = options();
  ours.cache = &declining;
  ours.flight = &host;
  std::unique_ptr<LeaseWatch> watch;
  const Key key = key_of(graph_of(action([](StageContext&) { return Number{4}; })));
  (void)run(graph_of(action([&](StageContext&) {
              watch = host.watch(key);
              return Number{4};
            })),
            ours);
  ASSERT_TRUE(watch);
  EXPECT_EQ(watch->listen(), LeaseWatch::Heard::unkept);
}

TEST_F(Flight, ALeaderThatDiedIsReplaced) {
  const Graph graph = graph_of(source(3, calls));
  auto theirs = flight.try_acquire(key_of(graph));
  (void)calls.take();
  EagerTimer timer([&] { theirs.reset(); });  // with nothing stored
  RunOptions ours = options();
  ours.timer = &timer;
  EXPECT_EQ(run(graph, ours).report.stages[0].outcome, StageOutcome::miss);
  EXPECT_EQ(calls.take().size(), 1U);
}

TEST_F(Flight, AfterTheLongestWaitOneComputesForOneself) {
  const Graph graph = graph_of(source(3, calls));
  const auto theirs = flight.try_acquire(key_of(graph));
  EagerTimer timer(nullptr);
  RunOptions ours = options();
  ours.timer = &timer;
  ours.longest_flight_wait = std::chrono::seconds(5);
  EXPECT_EQ(run(graph, ours).report.stages[0].outcome, StageOutcome::miss);
  EXPECT_GE(timer.waited, std::chrono::seconds(5));
  EXPECT_EQ(cache.tokens, std::vector<std::string>{""});
}

TEST_F(Flight, WhoeverWasOvertakenKeepsTheResultAndSaysSo) {
  cache.overtaken = true;
  const RunResult result = run(graph_of(action([](StageContext&) { return Number{4}; })), options());
  EXPECT_EQ(result.get<Number>().value, 4);
  EXPECT_EQ(cache.tokens, std::vector<std::string>{"token"});
  ASSERT_EQ(result.report.warnings.size(), 1U);
  EXPECT_NE(result.report.warnings[0].find("taken over"), std::string::npos);
}

TEST_F(Flight, AFailedStageGivesUpItsLease) {
  const Graph graph = graph_of(action([](StageContext&) -> Number { throw Error(ErrorCode::stage_failed, "no"); }));
  const RunResult result = try_run(graph, options());
  EXPECT_FALSE(result.ok());
  EXPECT_TRUE(flight.try_acquire(Key(result.report.stages[0].key)));
}

/// Calls back when it is told to, and tells when it has been asked to.
class ToldTimer final : public Timer {
 public:
  [[nodiscard]] std::unique_ptr<Ticket> call_after(std::chrono::milliseconds delay,
                                                   std::function<void()> callback) override {
    auto ticket = timer_.call_after(delay, std::move(callback));
    asked.count_down();
    return ticket;
  }
  void fire_all() { timer_.fire_all(); }

  std::latch asked{1};

 private:
  ManualTimer timer_{ManualTimer::Fires::when_told};
};

/// Lets somebody know when a node waits for its slots for the second time, and counts waits for other processes.
class SecondQueue final : public RunObserver {
 public:
  explicit SecondQueue(std::string node) : node_(std::move(node)) {}
  void stage_queued(const StageEvent& stage) override {
    if (stage.node == node_) twice.count_down();
  }
  void stage_waiting(const StageEvent&) override { ++waits; }

  std::latch twice{2};
  std::atomic<int> waits{0};

 private:
  std::string node_;
};

TEST_F(Flight, ARetryThatWaitsForItsSlotsLeavesTheLeaseToWhoHoldsThem) {
  std::atomic<int> attempts = 0;
  const StagePtr flaky = action([&](StageContext&) {
    if (++attempts == 1) throw Error(ErrorCode::unavailable, "the licence server does not answer");
    return Number{7};
  });
  const Graph inner = graph_of(flaky);
  ToldTimer retries;
  EagerTimer pauses(nullptr);
  SecondQueue outside("a"), inside("a");
  Graph outer("outer");
  outer.add("a", flaky, {}, {.retry = RetryPolicy{.attempts = 2}});
  outer.add("failed", action([&](StageContext&) {
              retries.asked.wait();
              return Number{1};
            }));
  // Holds every slot while 'a' wants one again, and wants the result of 'a' itself.
  outer.add("user", pass([&](StageContext&) {
              retries.fire_all();
              outside.twice.wait();
              RunOptions own = options();
              own.observer = &inside;
              own.timer = &pauses;
              EXPECT_EQ(run(inner, own).get<Number>().value, 7);
            }),
            {"failed"}, {.slots = Slots{.cpu = 2}});
  RunOptions run_options = options();
  run_options.capacity.cpu = 2;
  run_options.timer = &retries;
  run_options.observer = &outside;
  EXPECT_TRUE(try_run(outer, run_options).ok());
  EXPECT_EQ(inside.waits, 0);
  EXPECT_EQ(attempts, 2);
}

TEST_F(Flight, AStopEndsTheWait) {
  const Graph graph = graph_of(source(3, calls));
  const auto theirs = flight.try_acquire(key_of(graph));
  std::stop_source stop;
  EagerTimer timer([&] { stop.request_stop(); });
  RunOptions ours = options();
  ours.timer = &timer;
  ours.stop = stop.get_token();
  EXPECT_EQ(try_run(graph, ours).report.stages[0].outcome, StageOutcome::cancelled);
}

}  // namespace
}  // namespace neve
