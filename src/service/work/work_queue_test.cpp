#include "service/work/work_queue.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "service/exchange/problem.hpp"

namespace neve::service {
namespace {

void await(const WorkQueue& queue, std::size_t waiting) {
  while (queue.load().waiting != waiting) std::this_thread::yield();
}

TEST(WorkQueue, SomeRunSomeWaitTheRestIsTurnedAway) {
  WorkQueue queue(1, 1);
  std::optional<WorkQueue::Place> first(queue.enter({}));
  std::atomic<bool> ran = false;
  std::jthread second([&] {
    const auto place = queue.enter({});
    ran = true;
  });
  await(queue, 1);
  try {
    (void)queue.enter({});
    FAIL() << "a third was let in";
  } catch (const ProblemError& error) {
    EXPECT_EQ(error.problem().kind, ProblemKind::busy);
    EXPECT_TRUE(error.problem().retry_after_s);
  }
  EXPECT_FALSE(ran);
  first.reset();
  second.join();
  EXPECT_TRUE(ran);
  EXPECT_EQ(queue.load().running, 0U);
  EXPECT_EQ(queue.load().turned_away, 1U);
}

TEST(WorkQueue, WhoeverCameFirstGoesFirst) {
  WorkQueue queue(1, 3);
  std::optional<WorkQueue::Place> first(queue.enter({}));
  std::mutex mutex;
  std::string order;
  const auto work = [&](char name) {
    const auto place = queue.enter({});
    const std::lock_guard lock(mutex);
    order += name;
  };
  std::jthread second([&] { work('2'); });
  await(queue, 1);
  std::jthread third([&] { work('3'); });
  await(queue, 2);
  first.reset();
  work('4');  // nobody else has had the time to wake
  second.join();
  third.join();
  EXPECT_EQ(order, "234");
}

TEST(WorkQueue, WhoeverLeavesWhileWaitingGivesUpTheTurn) {
  WorkQueue queue(1, 1);
  const auto first = queue.enter({});
  std::atomic<bool> cancelled = false;
  std::jthread second([&](const std::stop_token& stop) {
    try {
      (void)queue.enter(stop);
    } catch (const Error& error) {
      cancelled = error.code() == ErrorCode::cancelled;
    }
  });
  await(queue, 1);
  second.request_stop();
  second.join();
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(queue.load().waiting, 0U);
}

}  // namespace
}  // namespace neve::service
