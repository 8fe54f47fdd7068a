#include <neve/base/usable_processors.hpp>

#include <gtest/gtest.h>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/machine_fixture.hpp"

namespace neve {
namespace {

class UsableProcessors : public MachineTest {
 protected:
  [[nodiscard]] unsigned usable() const { return usable_processors(root()); }

  const unsigned machine_ = usable();  // nothing is limited yet
};

TEST_F(UsableProcessors, AreTheMachinesWhereNothingLimitsThem) {
  EXPECT_GT(machine_, 0U);
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/cpu.max", "max 100000\n");
  EXPECT_EQ(usable(), machine_);
}

TEST_F(UsableProcessors, APartOfOneIsOne) {
  write("proc/self/cgroup", "0::/pod/container\n");
  write("sys/fs/cgroup/pod/cpu.max", "50000 100000\n");
  write("sys/fs/cgroup/pod/container/cpu.max", "900000 100000\n");
  EXPECT_EQ(usable(), 1U);
}

TEST_F(UsableProcessors, AQuotaAboveThemIsNone) {
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/cpu.max", "1000000000 100000\n");
  EXPECT_EQ(usable(), machine_);
}

TEST_F(UsableProcessors, AQuotaOfTheFirstVersionCounts) {
  write("proc/self/cgroup", "4:cpu,cpuacct:/docker/4711\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "100000\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(usable(), 1U);
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(usable(), machine_);
}

TEST_F(UsableProcessors, AreThoseItMayRunOn) {
  const pid_t child = ::fork();
  if (child == 0) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
    ::_exit(::sched_setaffinity(0, sizeof one, &one) == 0 && usable() == 1 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace neve
