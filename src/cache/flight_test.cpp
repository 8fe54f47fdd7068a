#include <neve/cache/flight.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include <neve/base/error.hpp>
#include <neve/cache/memory_cache.hpp>

#include "support/child_process.hpp"

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
  class Failing final : public CacheBackend {
   public:
    [[nodiscard]] std::string_view name() const noexcept override { return "failing"; }
    [[nodiscard]] LookupResult lookup(const Key&, const LookupOptions&) override { return {}; }
    bool erase(const Key&) override { return false; }
    [[nodiscard]] bool contains(const Key&) override { return false; }
    [[nodiscard]] Usage usage() override { return {}; }
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

/// A store that knows of a successor.
class Overtaken final : public CacheBackend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "overtaken"; }
  [[nodiscard]] LookupResult lookup(const Key&, const LookupOptions&) override { return {}; }
  StoreResult store(const Key&, const Entry&, const StoreOptions&) override {
    return {false, 0, "somebody else has taken over", true};
  }
  bool erase(const Key&) override { return false; }
  [[nodiscard]] bool contains(const Key&) override { return false; }
  [[nodiscard]] Usage usage() override { return {}; }
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
