// Runs at the same time that want the same key: one computes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <sys/wait.h>
#include <unistd.h>

#include <neve/base/error.hpp>

#include "pipeline/test_stages.hpp"

namespace neve {
namespace {

using testing::action;
using testing::add;
using testing::Calls;
using testing::Number;
using testing::pass;
using testing::RecordingCache;
using testing::source;
using testing::subtract;

TEST(SingleComputation, ManyRunsOfOneKeyComputeOnce) {
  constexpr int kThreads = 8;
  std::atomic<int> computed = 0;
  RecordingCache cache;
  Pipeline chain("p");
  chain.add("slow", action([&](StageContext&) {
              ++computed;
              // The others pile up meanwhile; each of them has asked nothing of the cache yet.
              for (int i = 0; i < 2000; ++i) std::this_thread::yield();
              return Number{7};
            }));
  std::latch start(kThreads);
  std::atomic<int> wrong = 0;
  std::atomic<int> not_computed = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        const RunResult result = chain.run({.cache = &cache, .capacity = {.cpu = 1}});
        if (result.get<Number>().value != 7) ++wrong;
        if (result.report.stages[0].outcome != StageOutcome::miss) ++not_computed;
      });
    }
  }
  EXPECT_EQ(computed, 1);
  EXPECT_EQ(cache.stores, 1);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(not_computed, kThreads - 1);
}

TEST(SingleComputation, AWaitingRunTakesOverFromACancelledOne) {
  std::latch inside(1);
  std::atomic<int> computed = 0;
  std::stop_source stop;
  RecordingCache cache;
  Pipeline chain("p");
  chain.add("slow", action([&](StageContext& context) {
              if (++computed == 1) {
                inside.count_down();
                for (;;) {
                  context.checkpoint();
                  std::this_thread::yield();
                }
              }
              return Number{7};
            }));
  RunResult first, second;
  {
    std::jthread leader([&] { first = chain.try_run({.cache = &cache, .stop = stop.get_token()}); });
    inside.wait();
    std::jthread follower([&] { second = chain.try_run({.cache = &cache}); });
    stop.request_stop();
  }
  EXPECT_FALSE(first.ok());
  EXPECT_EQ(second.get<Number>().value, 7);
  EXPECT_EQ(computed, 2);
}

TEST(SingleComputation, AWaitingRunThatMayRetryIsNotFailedByOneThatMayNot) {
  std::latch inside(1), release(1);
  std::atomic<int> computed = 0;
  RecordingCache cache;
  const StagePtr flaky = action([&](StageContext&) {
    if (++computed == 1) {
      inside.count_down();
      release.wait();
      throw Error(ErrorCode::unavailable, "the licence server does not answer");
    }
    return Number{7};
  });
  Graph once("once"), thrice("thrice");
  once.add("n", flaky);
  thrice.add("n", flaky, {}, {.retry = RetryPolicy{.attempts = 3}});
  // On the only thread of its run: it comes when 'n' waits already.
  thrice.add("then", action([&](StageContext&) {
               release.count_down();
               return Number{1};
             }));
  RunResult first, second;
  {
    std::jthread leader([&] { first = try_run(once, {.cache = &cache}); });
    inside.wait();
    second = try_run(thrice, {.cache = &cache, .capacity = {.cpu = 1}});
  }
  EXPECT_FALSE(first.ok());
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second.get<Number>("n").value, 7);
  EXPECT_EQ(computed, 2);
}

TEST(SingleComputation, AWaitingRunCanBeCancelledWhileTheOtherGoesOn) {
  std::latch inside(1), release(1);
  RecordingCache cache;
  Pipeline chain("p");
  chain.add("slow", action([&](StageContext&) {
              inside.count_down();
              release.wait();
              return Number{7};
            }));
  std::jthread leader([&] { EXPECT_TRUE(chain.try_run({.cache = &cache}).ok()); });
  inside.wait();
  std::stop_source stop;
  class Stopper final : public RunObserver {
   public:
    explicit Stopper(std::stop_source& stop) : stop_(stop) {}
    void run_started(const std::string&, std::size_t) override {
      thread_ = std::jthread([this] { stop_.request_stop(); });
    }

   private:
    std::stop_source& stop_;
    std::jthread thread_;
  } stopper(stop);
  const RunResult cancelled = chain.try_run({.cache = &cache, .stop = stop.get_token(), .observer = &stopper});
  EXPECT_EQ(cancelled.failures.at(0).code, ErrorCode::cancelled);
  release.count_down();
}

TEST(SingleComputation, RunsThatCrossEachOthersKeysFinish) {
  RecordingCache cache;
  std::atomic<int> computed = 0;
  const auto slow = [&](double value) {
    return make_stage("test.slow", "1", testing::NumberConfig{value},
                      [&](const testing::NumberConfig& config, StageContext&) {
                        ++computed;
                        for (int i = 0; i < 50; ++i) std::this_thread::yield();
                        return Number{config.value};
                      });
  };
  Graph forward("g"), backward("g");
  for (int i = 0; i < 40; ++i) {
    forward.add("n" + std::to_string(i), slow(i));
    backward.add("n" + std::to_string(39 - i), slow(39 - i));
  }
  {
    std::jthread one([&] { EXPECT_TRUE(try_run(forward, {.cache = &cache, .capacity = {.cpu = 1}}).ok()); });
    std::jthread two([&] { EXPECT_TRUE(try_run(backward, {.cache = &cache, .capacity = {.cpu = 1}}).ok()); });
  }
  EXPECT_EQ(computed, 40);
}

/// Sets a latch when a stage has no answer from the cache and asks for slots.
class QueueWatch final : public RunObserver {
 public:
  QueueWatch(std::string node, std::latch& queued) : node_(std::move(node)), queued_(queued) {}
  void stage_queued(const StageEvent& stage) override {
    if (stage.node == node_) queued_.count_down();
  }

 private:
  std::string node_;
  std::latch& queued_;
};

TEST(SingleComputation, AStageThatHoldsTheSlotsMayRunAGraphOfWhatIsQueuedForThem) {
  RecordingCache cache;
  Calls calls;
  std::latch begun(1), queued(1);
  const auto go = action([&](StageContext&) {
    begun.wait();
    return Number{1};
  });
  Graph inner("inner");
  inner.add("go", go).add("calibrate", add(1, calls), {"go"});
  Graph outer("outer");
  outer.add("go", go).add("calibrate", add(1, calls), {"go"}, {.slots = Slots{.cpu = 2}});
  outer.add("user", action([&](StageContext&) {
              begun.count_down();
              queued.wait();
              return Number{run(inner, {.cache = &cache}).output().state.meta.at("value").get<double>() + 1};
            }),
            {}, {.slots = Slots{.cpu = 2}});
  outer.set_output("user");
  QueueWatch watch("calibrate", queued);
  const RunResult result = run(outer, {.cache = &cache, .capacity = {.cpu = 3}, .observer = &watch});
  EXPECT_EQ(result.output().state.meta.at("value"), 3.0);
  EXPECT_EQ(calls.count(), 1U);
}

// oneTBB's threads are not in the child, and the thread sanitizer ends what begins a thread after a fork.
#if !defined(__SANITIZE_THREAD__)
TEST(SingleComputation, AForkedChildDoesNotWaitForARunOfItsParent) {
  std::latch inside(1), release(1);
  MemoryCache cache{MemoryCacheOptions{}};
  const pid_t parent = ::getpid();
  Graph graph("g");
  graph.add("slow", action([&](StageContext&) {
              if (::getpid() == parent) {
                inside.count_down();
                release.wait();
              }
              return Number{7};
            }));
  std::jthread leader([&] { EXPECT_TRUE(try_run(graph, {.cache = &cache}).ok()); });
  inside.wait();
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);  // ends it, should it hang
    ::_exit(try_run(graph, {.cache = &cache}).ok() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  release.count_down();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
#endif

}  // namespace
}  // namespace neve
