#include "cache/guard/processor_wait.hpp"

#include <sched.h>

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "support/eventually.hpp"

namespace neve {
namespace {

/// From now on this thread, and those it starts, share one processor.
void stay_on_this_processor() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(::sched_getcpu(), &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof(one), &one), 0);
}

TEST(ProcessorWait, GrowsWhileOthersAreRun) {
  std::atomic<bool> done{false};
  std::thread asking([&] {
    stay_on_this_processor();
    std::thread other([&] {
      while (!done) continue;
    });
    const auto before = waited_for_processor();
    EXPECT_TRUE(eventually([&] { return waited_for_processor() > before; }));
    done = true;
    other.join();
  });
  asking.join();
}

}  // namespace
}  // namespace neve
