#include <neve/cache/flight.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <latch>
#include <memory>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/cache/memory_cache.hpp>

#include "support/child_process.hpp"
#include "support/declining_cache.hpp"
#include "support/forwarding_cache.hpp"
#include "support/meeting.hpp"

namespace neve {
namespace {

std::string scope_of_this_test() {
  return std::to_string(::getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name();
}

struct FlightTest : testing::Test {
  Computed counted() {
    ++computed;
    Computed result;
    result.entry.meta = Json{{"value", 1}};
    return result;
  }

  MemoryCache cache{MemoryCacheOptions{}};
  HostFlight host{scope_of_this_test()};
  std::atomic<int> computed{0};
  const Key key{"k"};
};

TEST_F(FlightTest, OneHolderAtATimeAndAKeyOfItsOwnForEach) {
  auto lease = host.try_acquire(key);
  ASSERT_TRUE(lease);
  EXPECT_TRUE(lease->held());
  EXPECT_FALSE(host.try_acquire(key));
  EXPECT_TRUE(host.try_acquire(Key("other")));
  EXPECT_TRUE(HostFlight("another cache").try_acquire(key));
  lease.reset();
  EXPECT_TRUE(host.try_acquire(key));
}

TEST_F(FlightTest, ALeaseEndsWithTheProcessThatHeldIt) {
  std::unique_ptr<FlightLease> held;  // by the child
  LivingChild child([&] {
    held = host.try_acquire(key);
    return held != nullptr;
  });
  EXPECT_TRUE(child.went_well());
  EXPECT_FALSE(host.try_acquire(key));
  child.kill();
  EXPECT_TRUE(host.try_acquire(key));
}

TEST_F(FlightTest, AForkedChildKeepsNoLeaseOfItsParents) {
  auto lease = host.try_acquire(key);
  const LivingChild child([&] { return !lease->held() && !host.try_acquire(key); });
  EXPECT_TRUE(child.went_well());
  EXPECT_TRUE(lease->held());
  lease.reset();
  EXPECT_TRUE(host.try_acquire(key)) << "the child lives on, and holds it";
}

TEST_F(FlightTest, AForkedChildThatLetsGoOfItsCopyOfALeaseKeepsCountOfItsOwn) {
  auto lease = host.try_acquire(key);
  const LivingChild child([&] {
    auto own = host.try_acquire(Key("own"));
    lease.reset();
    const LivingChild grandchild([] { return true; });
    own.reset();
    return host.try_acquire(Key("own")) != nullptr;
  });
  EXPECT_TRUE(child.went_well()) << "the grandchild lives on, and holds it";
}

TEST_F(FlightTest, ThreadsComputeEachKeyOnce) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const auto outcome = compute_once(cache, host, Key("k" + std::to_string(i)), [&] { return counted(); });
        EXPECT_EQ(outcome.entry.meta.at("value"), 1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(computed, 50);
}

TEST_F(FlightTest, WhoWaitsTooLongComputesAlone) {
  const auto other = host.try_acquire(key);
  FlightOptions options;
  options.longest_wait = std::chrono::milliseconds(1);
  const auto outcome = compute_once(
      cache, host, key, [&] { return counted(); }, options);
  EXPECT_EQ(outcome.role, FlightRole::alone);
  EXPECT_TRUE(outcome.store.stored);
}

TEST_F(FlightTest, WhoWaitsForEverDoesNotComputeAlone) {
  auto other = host.try_acquire(key);
  FlightOptions options;
  options.longest_wait = std::chrono::milliseconds::max();
  options.before_pause = [&] { other.reset(); };
  const auto outcome = compute_once(
      cache, host, key, [&] { return counted(); }, options);
  EXPECT_EQ(outcome.role, FlightRole::led);
}

TEST_F(FlightTest, WaitingStopsWhenAskedTo) {
  const auto other = host.try_acquire(key);
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW((void)compute_once(
                   cache, host, key, [&] { return counted(); }, {}, source.get_token()),
               Error);
  EXPECT_EQ(computed, 0);
}

TEST_F(FlightTest, AFailedComputationGivesTheLeaseUp) {
  EXPECT_THROW((void)compute_once(cache, host, key, []() -> Computed { throw Error(ErrorCode::stage_failed, "no"); }),
               Error);
  EXPECT_EQ(compute_once(cache, host, key, [&] { return counted(); }).role, FlightRole::led);
}

TEST_F(FlightTest, ACacheThatFailsToStoreCostsTheEntryAndNotTheResult) {
  class Failing final : public ForwardingCache {
   public:
    StoreResult store(const Key&, const Entry&, const StoreOptions&) override {
      throw Error(ErrorCode::unavailable, "the server went away");
    }
  };
  Failing failing;
  const auto outcome = compute_once(failing, host, key, [&] { return counted(); });
  EXPECT_EQ(outcome.entry.meta.at("value"), 1);
  EXPECT_FALSE(outcome.store.stored);
  EXPECT_EQ(outcome.store.declined, "the server went away");
}

TEST_F(FlightTest, ThoseWhoWaitedForWhatIsNotKeptComputeAtOnce) {
  constexpr int kWaiters = 3;
  DecliningCache declining;
  const auto theirs = host.try_acquire(key);
  std::latch waiting(kWaiters);
  Meeting meeting(kWaiters);
  std::vector<std::jthread> threads;
  for (int t = 0; t < kWaiters; ++t) {
    threads.emplace_back([&] {
      FlightOptions options;
      options.before_pause = [&waiting, first = true]() mutable {
        if (std::exchange(first, false)) waiting.count_down();
      };
      const auto together = [&] {
        EXPECT_TRUE(meeting.attend());
        return Computed();
      };
      EXPECT_EQ(compute_once(declining, host, key, together, options).role, FlightRole::alone);
    });
  }
  waiting.wait();
  theirs->say_unkept(UnkeptFor::everybody);  // and holds the lease for a while, as who computes the next key for long
}

TEST(UnkeptFor, TheNextOnesResultMayBeKeptWhereOnlyThisStoreMissedTheServer) {
  StoreResult away{.declined = "away"};
  EXPECT_EQ(unkept_for(away), UnkeptFor::everybody);
  away.reached = false;
  EXPECT_EQ(unkept_for(away), std::nullopt);
}

TEST_F(FlightTest, WhoIsToldOfAnUnkeptResultHearsItAlsoFromAProcessThatHasEnded) {
  std::unique_ptr<FlightLease> held;  // by the child
  LivingChild child([&] {
    held = host.try_acquire(key);
    return held != nullptr;
  });
  ASSERT_TRUE(child.went_well());
  const auto ended = host.watch(key);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->listen(), LeaseWatch::Heard::nothing);
  child.kill();
  EXPECT_EQ(ended->listen(), LeaseWatch::Heard::gone);
  EXPECT_FALSE(host.watch(key));
  auto lease = host.try_acquire(key);
  const auto told = host.watch(key);
  lease->say_unkept(UnkeptFor::everybody);
  lease.reset();
  EXPECT_EQ(told->listen(), LeaseWatch::Heard::unkept);
}

TEST_F(FlightTest, ALeaderSaysWhetherItsResultIsKept) {
  for (const bool kept : {true, false}) {
    DecliningCache declining;
    std::unique_ptr<LeaseWatch> watch;
    CacheBackend& store = kept ? static_cast<CacheBackend&>(cache) : declining;
    (void)compute_once(store, host, key, [&] {
      watch = host.watch(key);
      return counted();
    });
    ASSERT_TRUE(watch);
    EXPECT_EQ(watch->listen(), kept ? LeaseWatch::Heard::gone : LeaseWatch::Heard::unkept);
  }
}

/// A store that knows of a successor.
class Overtaken final : public ForwardingCache {
 public:
  StoreResult store(const Key&, const Entry&, const StoreOptions&) override {
    return {false, 0, "somebody else has taken over", true};
  }
};

TEST_F(FlightTest, AnOvertakenLeaderKeepsItsResultForItself) {
  Overtaken store;
  HostFlight control(scope_of_this_test());
  const auto outcome = compute_once(store, control, key, [&] { return counted(); });
  EXPECT_EQ(outcome.entry.meta.at("value"), 1);
  EXPECT_TRUE(outcome.store.fenced);
}

TEST_F(FlightTest, AJointFlightGivesBackWhatItCouldNotComplete) {
  const auto first = std::make_shared<HostFlight>(scope_of_this_test() + "1");
  const auto second = std::make_shared<HostFlight>(scope_of_this_test() + "2");
  JointFlight joint({first, second});
  auto taken = second->try_acquire(key);
  EXPECT_FALSE(joint.try_acquire(key));
  EXPECT_TRUE(first->try_acquire(key));
  taken.reset();
  EXPECT_TRUE(joint.try_acquire(key));
}

}  // namespace
}  // namespace neve
