#include <neve/cache/single_flight.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <thread>
#include <vector>

namespace neve {
namespace {

using Flights = SingleFlight<int>;

ErrorCode code_of(std::future<Flights::Result>& result) {
  try {
    (void)result.get();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}

TEST(SingleFlight, OneComputesForAllWhoAskMeanwhile) {
  Flights flights;
  std::atomic<int> computed{0};
  std::atomic<int> led{0};
  std::latch everybody(8);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      everybody.arrive_and_wait();
      const Flights::Result result = flights.run(Key("k"), [&] {
        // Holds the flight open until the others have had every chance to join it.
        for (int spin = 0; spin < 1000; ++spin) std::this_thread::yield();
        return ++computed;
      });
      EXPECT_GE(result.value, 1);
      if (result.role == Flights::Role::leader) ++led;
    });
  }
  threads.clear();
  EXPECT_EQ(led, computed);
}

TEST(SingleFlight, FollowerGetsTheLeadersValueAndDoesNotCompute) {
  Flights flights;
  std::latch leading(1);
  std::promise<void> go;
  auto leader = std::async(std::launch::async, [&] {
    return flights.run(Key("k"), [&] {
      leading.count_down();
      go.get_future().wait();
      return 42;
    });
  });
  leading.wait();
  auto follower = std::async(std::launch::async, [&] { return flights.run(Key("k"), [] { return -1; }); });
  // Another key is not held up.
  EXPECT_EQ(flights.run(Key("other"), [] { return 7; }).value, 7);
  while (flights.followers(Key("k")) == 0) std::this_thread::yield();
  go.set_value();
  EXPECT_EQ(leader.get().value, 42);
  const Flights::Result followed = follower.get();
  EXPECT_EQ(followed.value, 42);
  EXPECT_EQ(followed.role, Flights::Role::follower);
}

TEST(SingleFlight, NothingIsKeptAfterTheFlight) {
  Flights flights;
  EXPECT_EQ(flights.run(Key("k"), [] { return 1; }).value, 1);
  const Flights::Result second = flights.run(Key("k"), [] { return 2; });
  EXPECT_EQ(second.value, 2);
  EXPECT_EQ(second.role, Flights::Role::leader);
}

/// A leader that is told when to land, and a follower that has joined it.
class TwoInFlight : public testing::Test {
 protected:
  void start(std::function<int()> landing, const std::stop_token& stop = {}) {
    leader_ = std::async(std::launch::async, [this, landing = std::move(landing)] {
      return flights_.run(Key("k"), [&] {
        leading_.count_down();
        go_.get_future().wait();
        return landing();
      });
    });
    leading_.wait();
    follower_ = std::async(std::launch::async, [this, stop] {
      return flights_.run(
          Key("k"), [] { return 5; }, stop);
    });
    while (flights_.followers(Key("k")) == 0) std::this_thread::yield();
  }

  Flights flights_;
  std::latch leading_{1};
  std::promise<void> go_;
  std::future<Flights::Result> leader_;
  std::future<Flights::Result> follower_;
};

TEST(SingleFlight, TheComputationIsStoppedWhenNobodyWaitsForItAnyMore) {
  Flights flights;
  std::stop_source leader_leaves;
  std::stop_source follower_leaves;
  std::latch leading(1);
  std::latch left(1);
  std::latch looked(1);
  std::atomic<bool> stopped_early = false;
  auto leader = std::async(std::launch::async, [&] {
    return flights.run(
        Key("k"),
        [&](const std::stop_token& nobody_waits) -> int {
          leading.count_down();
          left.wait();
          stopped_early = nobody_waits.stop_requested();
          looked.count_down();
          while (!nobody_waits.stop_requested()) std::this_thread::yield();
          throw Error(ErrorCode::cancelled, "nobody waits");
        },
        leader_leaves.get_token());
  });
  leading.wait();
  auto follower = std::async(std::launch::async, [&] {
    return flights.run(
        Key("k"), [] { return 5; }, follower_leaves.get_token());
  });
  while (flights.followers(Key("k")) == 0) std::this_thread::yield();
  leader_leaves.request_stop();
  left.count_down();
  looked.wait();
  follower_leaves.request_stop();
  EXPECT_EQ(code_of(follower), ErrorCode::cancelled);
  EXPECT_EQ(code_of(leader), ErrorCode::cancelled);
  EXPECT_FALSE(stopped_early) << "a follower was still waiting";
}

TEST_F(TwoInFlight, LeadersErrorReachesTheFollowerAndNobodyAfterwards) {
  start([]() -> int { throw Error(ErrorCode::stage_failed, "did not converge"); });
  go_.set_value();
  EXPECT_EQ(code_of(leader_), ErrorCode::stage_failed);
  EXPECT_EQ(code_of(follower_), ErrorCode::stage_failed);
  EXPECT_EQ(flights_.run(Key("k"), [] { return 3; }).value, 3);
}

TEST_F(TwoInFlight, FollowerTakesOverFromALeaderThatRanOutOfTime) {
  start([]() -> int { throw Error(ErrorCode::timeout, "it took too long"); });
  go_.set_value();
  EXPECT_EQ(code_of(leader_), ErrorCode::timeout);
  EXPECT_EQ(follower_.get().value, 5);
}

TEST_F(TwoInFlight, FollowerTakesOverFromACancelledLeader) {
  start([]() -> int { throw Error(ErrorCode::cancelled, "interrupted"); });
  go_.set_value();
  EXPECT_EQ(code_of(leader_), ErrorCode::cancelled);
  const Flights::Result result = follower_.get();
  EXPECT_EQ(result.value, 5);
  EXPECT_EQ(result.role, Flights::Role::leader);
}

TEST_F(TwoInFlight, StoppedFollowerLeavesAndTheLeaderGoesOn) {
  std::stop_source stop;
  start([] { return 1; }, stop.get_token());
  stop.request_stop();
  EXPECT_EQ(code_of(follower_), ErrorCode::cancelled);
  go_.set_value();
  EXPECT_EQ(leader_.get().value, 1);
}

TEST(SingleFlight, ComputationMayRunAnotherKeysFlight) {
  Flights flights;
  const Flights::Result result =
      flights.run(Key("outer"), [&] { return 1 + flights.run(Key("inner"), [] { return 2; }).value; });
  EXPECT_EQ(result.value, 3);
}

TEST(SingleFlight, AskingForItsOwnResultIsRefusedInsteadOfWaitingForever) {
  Flights flights;
  EXPECT_THROW((void)flights.run(Key("k"), [&] { return flights.run(Key("k"), [] { return 1; }).value; }), Error);
}

}  // namespace
}  // namespace neve
