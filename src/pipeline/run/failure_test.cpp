#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <latch>
#include <thread>

#include <neve/base/error.hpp>

#include "pipeline/test_stages.hpp"

namespace neve {
namespace {

using testing::action;
using testing::add;
using ::testing::AllOf;
using testing::Calls;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ManualTimer;
using testing::Number;
using testing::pass;
using testing::RecordingCache;
using testing::source;

using std::chrono::milliseconds;

StageOutcome outcome_of(const RunResult& result, const std::string& node) {
  for (const StageReport& stage : result.report.stages) {
    if (stage.node == node) return stage.outcome;
  }
  throw std::logic_error("no such node");
}

/// Fails the first `failures` times.
StagePtr flaky(int failures, std::atomic<int>& attempts, ErrorCode code = ErrorCode::unavailable) {
  return action([failures, &attempts, code](StageContext&) {
    if (++attempts <= failures) throw Error(code, "not yet");
    return Number{42};
  });
}

/// Runs until it is asked to stop.
StagePtr endless(std::latch* started = nullptr) {
  return action([started](StageContext& context) -> Number {
    if (started != nullptr) started->count_down();
    for (;;) {
      context.checkpoint();
      std::this_thread::yield();
    }
  });
}

TEST(RetryPolicy, WaitsAreWhatAClockCanAdd) {
  using std::chrono::milliseconds;
  EXPECT_EQ(RetryPolicy{}.wait_before(3), milliseconds(200));
  EXPECT_EQ(RetryPolicy{.factor = 1e9}.wait_before(9), milliseconds(60'000));
  EXPECT_EQ(RetryPolicy{.factor = std::nan("")}.wait_before(3), milliseconds(60'000));
  EXPECT_EQ(RetryPolicy{.longest_backoff = milliseconds(-5)}.wait_before(2), milliseconds(0));
  const RetryPolicy endless{.backoff = milliseconds::max(), .longest_backoff = milliseconds::max()};
  EXPECT_GT(endless.wait_before(2), std::chrono::hours(24 * 365));
  EXPECT_LT(endless.wait_before(2), std::chrono::hours(24 * 365 * 100));
}

TEST(Failure, NamesPipelineAndStageAndTheOriginalMessage) {
  Pipeline chain("demo");
  chain.add("fiber", action([](StageContext&) -> Number { throw std::runtime_error("step size underflow"); }));
  try {
    static_cast<void>(chain.run());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::stage_failed);
    EXPECT_STREQ(error.what(), "pipeline 'demo', stage 'fiber': step size underflow");
  }
}

TEST(Failure, StopsWhatDependsOnItAndLetsOthersFinish) {
  Calls calls;
  Graph graph("g");
  graph.add("bad", action([](StageContext&) -> Number { throw Error(ErrorCode::io, "no such file"); }));
  graph.add("after", add(1, calls), {"bad"}).add("further", add(1, calls), {"after"});
  graph.add("other", source(1, calls)).add("next", add(1, calls), {"other"});
  const RunResult result = try_run(graph);
  EXPECT_THAT(calls.take(), ElementsAre("other", "next"));
  EXPECT_EQ(outcome_of(result, "bad"), StageOutcome::failed);
  EXPECT_EQ(outcome_of(result, "after"), StageOutcome::skipped);
  EXPECT_EQ(outcome_of(result, "further"), StageOutcome::skipped);
  ASSERT_EQ(result.failures.size(), 1U);
  EXPECT_EQ(result.failures[0].code, ErrorCode::io);
  EXPECT_THROW(static_cast<void>(result.at("bad")), Error);
  EXPECT_THROW(static_cast<void>(result.at("further")), Error);
  EXPECT_EQ(result.get<Number>("next").value, 2);
}

TEST(Failure, WhatIsSkippedNamesTheFirstOfItsNeedsThatIsLost) {
  Graph graph("g");
  graph.add("bad", action([](StageContext&) -> Number { throw Error(ErrorCode::io, "broken"); }));
  Calls calls;
  graph.add("good", source(1, calls));
  graph.add("after", add(1, calls), {"bad"});
  const auto pair = [](const testing::NumberConfig&, const Number&, const Number& second, StageContext&) {
    return second;
  };
  graph.add("both", make_stage("test.pair", "1", testing::NumberConfig{}, pair), {"after", "bad"});
  graph.add("mixed", make_stage("test.pair", "1", testing::NumberConfig{}, pair), {"good", "both"});
  const RunResult result = try_run(graph);
  const auto reason = [&](const std::string& node) {
    for (const StageReport& stage : result.report.stages) {
      if (stage.node == node) return stage.reason;
    }
    return std::string("not there");
  };
  EXPECT_EQ(reason("after"), "'bad' did not succeed");
  EXPECT_EQ(reason("both"), "'after' did not succeed");
  EXPECT_EQ(reason("mixed"), "'both' did not succeed");
  EXPECT_EQ(outcome_of(result, "good"), StageOutcome::uncached);
}

TEST(Failure, CanCancelTheOthers) {
  std::latch started(1);
  Graph graph("g");
  graph.add("long", endless(&started), {}, {.slots = Slots{.cpu = 0}});
  graph.add("bad", action([&](StageContext&) -> Number {
              started.wait();
              throw Error(ErrorCode::stage_failed, "broken");
            }),
            {}, {.slots = Slots{.cpu = 0}});
  const RunResult result = try_run(graph, {.capacity = {.cpu = 2}, .on_failure = OnFailure::cancel_others});
  EXPECT_EQ(outcome_of(result, "long"), StageOutcome::cancelled);
  ASSERT_EQ(result.failures.size(), 2U);
  EXPECT_EQ(result.failures[0].node, "bad");
}

TEST(Failure, NothingOfAFailedStageIsStored) {
  RecordingCache cache;
  std::atomic<int> attempts = 0;
  Pipeline chain("p");
  chain.add("a", flaky(1, attempts, ErrorCode::stage_failed));
  EXPECT_FALSE(chain.try_run({.cache = &cache}).ok());
  EXPECT_EQ(cache.stores, 0);
  EXPECT_EQ(chain.run({.cache = &cache}).get<Number>().value, 42);
}

TEST(Failure, WrongInputNamesTheInputAndWhatItLacks) {
  Pipeline chain("p");
  chain.add("a", make_stage("test.empty", "1", NoConfig{}, [](const NoConfig&, StageContext&) { return State{}; }));
  chain.add("b", pass([](StageContext&) {}));
  EXPECT_THAT(chain.try_run().failures.at(0).message,
              AllOf(HasSubstr("stage 'b'"), HasSubstr("input 1 ('a')"), HasSubstr("no metadata 'value'")));
}

TEST(Retry, WaitsLongerEachTimeAndSucceeds) {
  std::atomic<int> attempts = 0;
  ManualTimer timer(ManualTimer::Fires::at_once);
  Pipeline chain("p");
  chain.add("a", flaky(3, attempts),
            {.retry = RetryPolicy{
                 .attempts = 4, .backoff = milliseconds(100), .factor = 3, .longest_backoff = milliseconds(500)}});
  const RunResult result = chain.run({.timer = &timer});
  EXPECT_EQ(result.get<Number>().value, 42);
  EXPECT_THAT(timer.delays, ElementsAre(100, 300, 500));
  EXPECT_EQ(result.at("a").provenance.attempts, 4U);
}

TEST(Retry, GivesUpAfterTheLastAttempt) {
  std::atomic<int> attempts = 0;
  ManualTimer timer(ManualTimer::Fires::at_once);
  Pipeline chain("p");
  chain.add("a", flaky(9, attempts), {.retry = RetryPolicy{.attempts = 2}});
  const RunResult result = chain.try_run({.timer = &timer});
  EXPECT_EQ(attempts, 2);
  EXPECT_THAT(result.failures.at(0).message, HasSubstr("not yet"));
  EXPECT_EQ(result.report.stages[0].attempts, 2U);
}

TEST(Retry, IsOnlyForTheDeclaredFailures) {
  std::atomic<int> attempts = 0;
  ManualTimer timer(ManualTimer::Fires::at_once);
  Pipeline chain("p");
  chain.add("a", flaky(1, attempts, ErrorCode::invalid_argument), {.retry = RetryPolicy{.attempts = 3}});
  EXPECT_FALSE(chain.try_run({.timer = &timer}).ok());
  EXPECT_EQ(attempts, 1);
  EXPECT_TRUE(timer.delays.empty());
}

TEST(Retry, AWaitingStageOccupiesNoSlot) {
  Calls calls;
  std::atomic<int> attempts = 0;
  ManualTimer timer(ManualTimer::Fires::when_told);
  Graph graph("g");
  graph.add("flaky", flaky(1, attempts), {}, {.retry = RetryPolicy{.attempts = 2}});
  graph.add("other", action([&](StageContext& context) {
              calls.add(context.node());
              timer.fire_all();  // only now may the flaky one go on
              return Number{1};
            }));
  const RunResult result = run(graph, {.capacity = {.cpu = 1}, .timer = &timer});
  EXPECT_EQ(result.get<Number>("flaky").value, 42);
  EXPECT_EQ(calls.count(), 1U);
}

TEST(Retry, CancellationEndsTheWait) {
  std::atomic<int> attempts = 0;
  std::stop_source stop;
  ManualTimer timer(ManualTimer::Fires::when_told);
  Graph graph("g");
  graph.add("flaky", flaky(1, attempts), {}, {.retry = RetryPolicy{.attempts = 2}});
  graph.add("stop", action([&](StageContext&) {
              stop.request_stop();
              return Number{1};
            }));
  const RunResult result = try_run(graph, {.capacity = {.cpu = 1}, .stop = stop.get_token(), .timer = &timer});
  EXPECT_EQ(outcome_of(result, "flaky"), StageOutcome::cancelled);
  EXPECT_EQ(attempts, 1);
}

TEST(Timeout, StopsAStageThatChecks) {
  ManualTimer timer(ManualTimer::Fires::at_once);
  Pipeline chain("p");
  chain.add("slow", endless(), {.timeout = milliseconds(2500)});
  const RunResult result = chain.try_run({.timer = &timer});
  EXPECT_EQ(result.failures.at(0).code, ErrorCode::timeout);
  EXPECT_THAT(result.failures[0].message, HasSubstr("timeout of 2500 ms"));
  EXPECT_EQ(outcome_of(result, "slow"), StageOutcome::failed);
}

TEST(Timeout, ThrowsAwayWhatCameAfterIt) {
  RecordingCache cache;
  ManualTimer timer(ManualTimer::Fires::at_once);
  Pipeline chain("p");
  chain.add("deaf", action([](StageContext&) { return Number{1}; }), {.timeout = milliseconds(1)});
  EXPECT_EQ(chain.try_run({.cache = &cache, .timer = &timer}).failures.at(0).code, ErrorCode::timeout);
  EXPECT_EQ(cache.stores, 0);
}

TEST(Timeout, CountsForEachAttemptAnew) {
  std::atomic<int> attempts = 0;
  ManualTimer timer(ManualTimer::Fires::at_once);
  Pipeline chain("p");
  chain.add("slow", action([&](StageContext& context) -> Number {
              ++attempts;
              for (;;) context.checkpoint();
            }),
            {.timeout = milliseconds(10), .retry = RetryPolicy{.attempts = 2, .backoff = milliseconds(7)}});
  const RunResult result = chain.try_run({.timer = &timer});
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(result.failures.at(0).code, ErrorCode::timeout);
  EXPECT_THAT(timer.delays, ElementsAre(10, 7, 10));
}

TEST(Cancellation, StopsRunningStagesAndStartsNoOthers) {
  Calls calls;
  std::latch started(1);
  std::stop_source stop;
  Pipeline chain("p");
  chain.add("endless", endless(&started)).add("next", add(1, calls));
  std::jthread canceller([&] {
    started.wait();
    stop.request_stop();
  });
  const RunResult result = chain.try_run({.stop = stop.get_token()});
  EXPECT_EQ(result.failures.at(0).code, ErrorCode::cancelled);
  EXPECT_EQ(outcome_of(result, "endless"), StageOutcome::cancelled);
  EXPECT_EQ(outcome_of(result, "next"), StageOutcome::skipped);
  EXPECT_EQ(calls.count(), 0U);
}

TEST(Cancellation, BeforeTheRunStartsNothing) {
  Calls calls;
  std::stop_source stop;
  stop.request_stop();
  Pipeline chain("p");
  chain.add("a", source(1, calls));
  EXPECT_EQ(chain.try_run({.stop = stop.get_token()}).failures.at(0).code, ErrorCode::cancelled);
  EXPECT_EQ(calls.count(), 0U);
}

TEST(Cancellation, AResultReturnedAfterItIsNotStored) {
  RecordingCache cache;
  std::stop_source stop;
  Pipeline chain("p");
  chain.add("early", action([&](StageContext& context) {
              stop.request_stop();
              return Number{context.stop_requested() ? 0.5 : 1.0};  // half a result
            }));
  EXPECT_EQ(chain.try_run({.cache = &cache, .stop = stop.get_token()}).failures.at(0).code, ErrorCode::cancelled);
  EXPECT_EQ(cache.stores, 0);
}

TEST(Timer, CallsBackInOrderAndForgetsDroppedTickets) {
  const std::unique_ptr<Timer> timer = make_timer();
  std::vector<int> order;
  std::latch done(1);
  std::unique_ptr<Timer::Ticket> never = timer->call_after(milliseconds(1), [] { FAIL() << "was dropped"; });
  never.reset();
  const auto last = timer->call_after(milliseconds(20), [&] {
    order.push_back(2);
    done.count_down();
  });
  const auto first = timer->call_after(milliseconds(1), [&] { order.push_back(1); });
  done.wait();
  EXPECT_THAT(order, ElementsAre(1, 2));
}

}  // namespace
}  // namespace neve
