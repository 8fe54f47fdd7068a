#include "codec/deflate/second_thread.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <latch>
#include <memory>
#include <thread>

#include <neve/base/usable_processors.hpp>

#include "support/eventually.hpp"

namespace neve {
namespace {

TEST(SecondThread, HasEndedOrNeverBeginsOnceItIsDestroyed) {
  for (int i = 0; i < 1000; ++i) {
    auto steps = std::make_unique<std::atomic<int>>(0);
    {
      const SecondThread second(true, [&steps] {
        ++*steps;
        std::this_thread::yield();
        ++*steps;
      });
    }
    ASSERT_NE(steps->load(), 1) << "work that has begun is waited for";
  }
}

TEST(SecondThread, StartsOnlyWhereItIsWorthwhile) {
  bool ran = false;
  {
    const SecondThread none(false, [&] { ran = true; });
  }
  EXPECT_FALSE(ran);
}

TEST(SecondThread, AForkedChildHasThemThoughItsParentHasNoneLeft) {
  if (usable_processors() < 2) return;  // there are none anywhere
  constexpr int kStarted = 17;          // not what a crash gives
  const auto may_end = std::make_shared<std::latch>(1);
  const auto hold = [may_end] { may_end->wait(); };
  ASSERT_TRUE(eventually([&] { return start_second_thread(hold); })) << "those of other tests never end";
  while (start_second_thread(hold)) {
  }
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::latch ran{1};
    const bool started = start_second_thread([&ran] { ran.count_down(); });
    if (started) ran.wait();
    ::_exit(started ? kStarted : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  may_end->count_down();
  EXPECT_EQ(WEXITSTATUS(status), kStarted);
}

}  // namespace
}  // namespace neve
