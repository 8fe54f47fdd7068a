#include "cli/chosen/dataset_options.hpp"

#include <gtest/gtest.h>

#include <neve/base/usable_memory.hpp>

namespace neve::cli {
namespace {

TEST(WorkMemory, IsWhatIsSaidOrNoMoreThanHalfOfWhatThereIs) {
  EXPECT_EQ(work_memory("64MiB"), std::uint64_t{64} << 20);
  EXPECT_EQ(work_memory("64GiB"), std::uint64_t{64} << 30) << "whoever says so knows";
  EXPECT_LE(work_memory(""), usable_memory() / 2);
  EXPECT_LE(work_memory(""), std::uint64_t{1} << 30);
  EXPECT_GT(work_memory(""), 0U);
}

}  // namespace
}  // namespace neve::cli
