#include <neve/base/startable_threads.hpp>

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string>

#include <neve/base/error.hpp>

#include "base/machine_fixture.hpp"
#include "support/child_process.hpp"

namespace neve {
namespace {

using ThreadLimits = MachineTest;

TEST_F(ThreadLimits, OfAContainerAreNearOrFar) {
  const bool near = thread_limits_are_near(2, root());  // `ulimit -u` may be
  write("proc/self/cgroup", "0::/pod\n");
  write("sys/fs/cgroup/pod/pids.max", "max\n");
  EXPECT_EQ(thread_limits_are_near(2, root()), near);
  write("sys/fs/cgroup/pod/pids.max", "64\n");
  EXPECT_TRUE(thread_limits_are_near(2, root()));
  write("sys/fs/cgroup/pod/pids.max", "100000\n");
  EXPECT_EQ(thread_limits_are_near(2, root()), near);
  EXPECT_TRUE(thread_limits_are_near(2000, root()));
}

/// In a child: as a user whom nobody else is, and who may have so many threads.
void allow_threads(rlim_t most) {
  const rlimit limit{most, most};
  require(::setrlimit(RLIMIT_NPROC, &limit) == 0, "cannot limit the processes");
  constexpr uid_t kNobodyElse = 54'321;
  require(::geteuid() != 0 || ::setuid(kNobodyElse) == 0, "cannot become another user");
}

TEST(StartableThreads, AreFewerWhereThereIsNoRoomForWhatTheyStart) {
  EXPECT_TRUE(in_child([] {
    allow_threads(41);
    std::size_t threads = 0;
    try {
      threads = startable_threads(100);
    } catch (const Error& error) {  // the user has so many processes already
      require(error.code() == ErrorCode::unavailable, error.what());
      return;
    }
    require(threads >= 1 && threads <= 10, "not a quarter of what can be started");
    require(startable_threads(threads) == threads, "not what was found");
    const rlimit none{1, 1};
    require(::setrlimit(RLIMIT_NPROC, &none) == 0, "cannot limit the processes");
    require(startable_threads(100) == threads, "it tried again at once, which takes from others what they may start");
  }));
}

TEST(StartableThreads, AreFewerWhereTheirMemoryWouldTakeTheAddressSpace) {
  EXPECT_TRUE(in_child([] {
    std::uint64_t pages = 0;
    require(static_cast<bool>(std::ifstream("/proc/self/statm") >> pages), "cannot read what is taken");
    const rlim_t most = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + (rlim_t{600} << 20);
    const rlimit limit{most, most};
    require(::setrlimit(RLIMIT_AS, &limit) == 0, "cannot limit the address space");
    const std::size_t threads = startable_threads(8);
    require(threads >= 1 && threads <= 4, "their stacks have room, but not what they allocate");
  }));
}

TEST(StartableThreads, AreAnErrorThatSaysWhatToDoWhereThereIsNone) {
  EXPECT_TRUE(in_child([] {
    allow_threads(1);
    try {
      (void)startable_threads(2);
      require(false, "it started some");
    } catch (const Error& error) {
      require(error.code() == ErrorCode::unavailable, "another code");
      require(std::string(error.what()).find("ulimit -u") != std::string::npos, error.what());
    }
  }));
}

}  // namespace
}  // namespace neve
