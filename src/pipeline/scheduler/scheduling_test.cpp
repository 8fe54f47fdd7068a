#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <limits>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>

#include <neve/base/error.hpp>

#include "pipeline/scheduler/scheduler.hpp"
#include "pipeline/test_stages.hpp"

namespace neve {
namespace {

using testing::action;
using testing::add;
using testing::Calls;
using ::testing::HasSubstr;
using testing::Number;
using testing::pass;
using testing::RecordingCache;
using testing::source;
using testing::subtract;

/// Counts what is in use and remembers the most there ever was.
class Gauge {
 public:
  void enter(int amount) {
    const int now = current_ += amount;
    int most = most_;
    while (now > most && !most_.compare_exchange_weak(most, now)) {
    }
  }
  void leave(int amount) { current_ -= amount; }
  [[nodiscard]] int most() const { return most_; }

 private:
  std::atomic<int> current_ = 0;
  std::atomic<int> most_ = 0;
};

StagePtr measured(Gauge& gauge, int amount) {
  return action([&gauge, amount](StageContext&) {
    gauge.enter(amount);
    for (int i = 0; i < 20; ++i) std::this_thread::yield();
    gauge.leave(amount);
    return Number{1};
  });
}

TEST(Slots, CpuSlotsAreNeverExceeded) {
  Gauge gauge;
  Graph graph("g");
  for (int i = 0; i < 30; ++i) {
    const unsigned cpu = i % 3 == 0 ? 2 : 1;
    graph.add("n" + std::to_string(i), measured(gauge, static_cast<int>(cpu)), {}, {.slots = Slots{.cpu = cpu}});
  }
  EXPECT_TRUE(try_run(graph, {.capacity = {.cpu = 3}}).ok());
  EXPECT_LE(gauge.most(), 3);
}

TEST(Slots, GpuAndMemorySlotsAreNeverExceeded) {
  Gauge gpu, memory;
  Graph graph("g");
  for (int i = 0; i < 12; ++i) {
    graph.add("gpu" + std::to_string(i), measured(gpu, 1), {}, {.slots = Slots{.cpu = 0, .gpu = 1}});
    graph.add("memory" + std::to_string(i), measured(memory, 400), {}, {.slots = Slots{.cpu = 1, .memory_bytes = 400}});
  }
  EXPECT_TRUE(try_run(graph, {.capacity = {.cpu = 4, .gpu = 1, .memory_bytes = 1000}}).ok());
  EXPECT_EQ(gpu.most(), 1);
  EXPECT_LE(memory.most(), 800);
}

TEST(Slots, MoreCpuThanThereIsMeansTheWholeMachine) {
  Gauge gauge;
  Graph graph("g");
  graph.add("wide", measured(gauge, 2), {}, {.slots = Slots{.cpu = 64}}).add("narrow", measured(gauge, 1));
  EXPECT_TRUE(try_run(graph, {.capacity = {.cpu = 2}}).ok());
  EXPECT_LE(gauge.most(), 2);
}

TEST(Slots, AStageIsToldWhatItWasGrantedNotWhatItAskedFor) {
  Slots granted;
  Graph graph("g");
  graph.add("wide", action([&granted](StageContext& context) {
              granted = context.slots();
              return Number{1};
            }),
            {}, {.slots = Slots{.cpu = 64, .gpu = 1, .memory_bytes = std::uint64_t{1} << 60}});
  EXPECT_TRUE(try_run(graph, {.capacity = {.cpu = 2, .gpu = 1}}).ok());
  EXPECT_EQ(granted.cpu, 2U);
  EXPECT_EQ(granted.gpu, 1U);
  EXPECT_LT(granted.memory_bytes, std::uint64_t{1} << 60);
}

TEST(Slots, WhatTheRunDoesNotHaveIsAnErrorThatNamesTheNode) {
  Calls calls;
  Graph graph("g");
  graph.add("fft", source(1, calls), {}, {.slots = Slots{.gpu = 1}});
  try {
    static_cast<void>(try_run(graph));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("node 'fft' (test.source) asks for 1 gpu slot; the run has 0"));
  }
}

TEST(Slots, AWideRunHasItsThreadsBesideANarrowerOne) {
  const auto allowed = [] { return tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism); };
  const auto cores = static_cast<unsigned>(tbb::info::default_concurrency());
  const std::size_t before = allowed();
  {
    const Scheduler narrow({.cpu = cores + 1}, 1000);
    const Scheduler wide({.cpu = cores + 4}, 1000);
    EXPECT_EQ(allowed(), cores + 4);
  }
  EXPECT_EQ(allowed(), before);
}

TEST(Slots, MemoryIsCountedWithoutBeingNamed) {
  Scheduler scheduler({.cpu = 4}, 4);
  EXPECT_TRUE(scheduler.try_acquire({.cpu = 1, .memory_bytes = std::uint64_t{1} << 60})) << "alone it may have all";
  EXPECT_FALSE(scheduler.try_acquire({.cpu = 1, .memory_bytes = 1}));
  EXPECT_TRUE(scheduler.try_acquire({.cpu = 1}));
}

TEST(Slots, MemoryNearTheEndOfItsTypeIsCounted) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  Scheduler scheduler({.cpu = 4, .memory_bytes = kMost}, 4);
  EXPECT_TRUE(scheduler.try_acquire({.cpu = 1, .memory_bytes = kMost - 6}));
  EXPECT_FALSE(scheduler.try_acquire({.cpu = 1, .memory_bytes = kMost - 6}));
}

TEST(Slots, IndependentStagesRunAtTheSameTime) {
  std::barrier meeting(2);
  const auto meet = [&](StageContext&) {
    meeting.arrive_and_wait();  // hangs unless both are inside
    return Number{1};
  };
  Graph graph("g");
  graph.add("a", action(meet)).add("b", action(meet));
  EXPECT_TRUE(try_run(graph, {.capacity = {.cpu = 2}}).ok());
}

TEST(Slots, AWaitingWideStageIsNotOvertakenForEver) {
  std::vector<std::string> order;
  std::mutex mutex;
  const auto note = [&](StageContext& context) {
    const std::lock_guard lock(mutex);
    order.push_back(context.node());
    return Number{1};
  };
  Graph graph("g");
  for (int i = 0; i < 100; ++i) graph.add("n" + std::to_string(i), action(note));
  graph.add("wide", action(note), {}, {.slots = Slots{.cpu = 2}});
  EXPECT_TRUE(try_run(graph, {.capacity = {.cpu = 2}}).ok());
  EXPECT_EQ(order.size(), 101U);
}

/// Which of those who wait for slots are given some.
class Line {
 public:
  explicit Line(const Capacity& capacity) : scheduler_(capacity, 8) {}

  void wait(const std::string& name, const Slots& slots) {
    scheduler_.acquire_then(slots, [this, name] {
      const std::lock_guard lock(mutex_);
      served_.insert(name);
    });
  }
  /// `slots` have been taken before.
  std::set<std::string> after_release(const Slots& slots) {
    scheduler_.run([&] {
      scheduler_.release(slots);
      scheduler_.finish();
    });
    return served_;
  }
  Scheduler& operator*() { return scheduler_; }

 private:
  Scheduler scheduler_;
  std::mutex mutex_;
  std::set<std::string> served_;
};

TEST(Slots, AreGivenInTheOrderInWhichTheyWereAskedForAsFarAsTheyGo) {
  Line line({.cpu = 1, .gpu = 2});
  ASSERT_TRUE((*line).try_acquire({.cpu = 1, .gpu = 2}));
  line.wait("both", {.cpu = 1, .gpu = 2});
  line.wait("gpu 1", {.cpu = 0, .gpu = 1});
  line.wait("cpu 1", {.cpu = 1});
  line.wait("gpu 2", {.cpu = 0, .gpu = 1});
  line.wait("cpu 2", {.cpu = 1});
  // Too little for the first.
  EXPECT_EQ(line.after_release({.cpu = 1, .gpu = 1}), (std::set<std::string>{"cpu 1", "gpu 1"}));
}

TEST(Order, EveryStageRunsAfterWhatItNeeds) {
  Calls calls;
  Graph graph("g");
  graph.add("n0", source(1, calls));
  for (int i = 1; i < 60; ++i) {
    const std::string before = "n" + std::to_string(i - 1);
    if (i % 3 == 0) graph.add("n" + std::to_string(i), subtract(calls), {"n" + std::to_string(i / 2), before});
    if (i % 3 != 0) graph.add("n" + std::to_string(i), add(1, calls), {"n" + std::to_string(i / 2)});
  }
  const RunResult result = run(graph, {.capacity = {.cpu = 4}});
  const std::vector<std::string> order = calls.take();
  const auto position = [&](const std::string& id) {
    return std::find(order.begin(), order.end(), id) - order.begin();
  };
  for (const Node& node : graph.ordered()) {
    for (const Need& need : node.needs) EXPECT_LT(position(need.node), position(node.id));
  }
  EXPECT_EQ(order.size(), 60U);
}

TEST(Order, LongChainsNeedNoDeepStack) {
  Calls calls;
  Pipeline chain("p");
  chain.add("n0", source(0, calls));
  for (int i = 1; i < 3000; ++i) chain.add("n" + std::to_string(i), add(1, calls));
  EXPECT_EQ(chain.run({.keep = KeepStates::output}).get<Number>().value, 2999);
}

// The thread sanitizer cannot follow the loop's own hand-overs inside oneTBB, which is not built for it.
#if !defined(__SANITIZE_THREAD__)
TEST(Stages, MayUseParallelLoopsWithoutRunningOtherNodesInside) {
  Graph graph("g");
  for (int i = 0; i < 8; ++i) {
    graph.add("n" + std::to_string(i), action([](StageContext&) {
                thread_local bool inside = false;
                EXPECT_FALSE(inside);  // a node picked up while waiting for the loop below would find it set
                inside = true;
                std::atomic<int> sum = 0;
                tbb::parallel_for(0, 100, [&](int k) { sum += k; });
                inside = false;
                return Number{static_cast<double>(sum)};
              }));
  }
  EXPECT_TRUE(try_run(graph, {.capacity = {.cpu = 4}}).ok());
}
#endif

TEST(Observer, SeesEveryStageAndNeverHarmsTheRun) {
  class Rude final : public RunObserver {
   public:
    void stage_finished(const StageEvent& stage, const StageReport& report) override {
      const std::lock_guard lock(mutex);
      finished[stage.node] = std::string(to_string(report.outcome));
      throw std::runtime_error("rude");
    }
    void stage_progress(const StageEvent&, double fraction, std::string_view text) override {
      const std::lock_guard lock(mutex);
      progress = std::string(text) + std::to_string(fraction);
    }
    void run_finished(const RunReport& report) override { stages = report.stages.size(); }
    std::mutex mutex;
    std::map<std::string, std::string> finished;
    std::string progress;
    std::size_t stages = 0;
  };
  Rude observer;
  Calls calls;
  Graph graph("g");
  graph.add("good", action([](StageContext& context) {
              context.progress(0.5, "half ");
              return Number{1};
            }));
  graph.add("bad", action([](StageContext&) -> Number { throw std::runtime_error("x"); }))
      .add("after", add(1, calls), {"bad"});
  static_cast<void>(try_run(graph, {.observer = &observer}));
  EXPECT_EQ(observer.finished,
            (std::map<std::string, std::string>{{"good", "uncached"}, {"bad", "failed"}, {"after", "skipped"}}));
  EXPECT_EQ(observer.progress, "half 0.500000");
  EXPECT_EQ(observer.stages, 3U);
}

}  // namespace
}  // namespace neve
