#include <neve/base/usable_memory.hpp>

#include <gtest/gtest.h>

#include "base/machine_fixture.hpp"

namespace neve {
namespace {

class UsableMemory : public MachineTest {
 protected:
  [[nodiscard]] std::uint64_t usable() const { return usable_memory(root()); }

  const std::uint64_t machine_ = usable();  // nothing is limited yet
};

TEST_F(UsableMemory, IsTheMachinesWhereNothingLimitsIt) {
  EXPECT_GT(machine_, 0U);
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "max\n");
  EXPECT_EQ(usable(), machine_);
}

TEST_F(UsableMemory, TheNarrowestOfTheGroupsAroundTheProcessCounts) {
  write("proc/self/cgroup", "0::/slurm/job/step\n");
  write("sys/fs/cgroup/slurm/job/step/memory.max", "4000000\n");
  EXPECT_EQ(usable(), 4'000'000U);
  write("sys/fs/cgroup/slurm/memory.max", "3000000\n");
  write("sys/fs/cgroup/other/memory.max", "1000\n");
  EXPECT_EQ(usable(), 3'000'000U);
}

TEST_F(UsableMemory, AContainerIsToldAPathThatItCannotSee) {
  write("proc/self/cgroup", "5:cpu:/docker/4711\n4:cpuset,memory:/docker/4711\n0::/docker/4711\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "2000000\n");
  EXPECT_EQ(usable(), 2'000'000U);
}

TEST_F(UsableMemory, ALimitAboveTheMachinesIsNone) {
  write("proc/self/cgroup", "4:memory:/\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(usable(), machine_);
}

}  // namespace
}  // namespace neve
