#include <neve/base/scratch_folder.hpp>

#include <gtest/gtest.h>

#include <fstream>

#include <neve/base/error.hpp>

#include "support/temporary_folder.hpp"

namespace neve {
namespace {

namespace fs = std::filesystem;

TEST(ScratchFolder, GoesAwayWithWhatAProgramMadeReadOnlyInIt) {
  const TemporaryFolder parent;
  {
    const ScratchFolder scratch(parent.path(), "test");
    EXPECT_EQ(fs::status(scratch.path()).permissions(), fs::perms::owner_all);
    fs::create_directories(scratch.path() / "a" / "b");
    std::ofstream(scratch.path() / "a" / "b" / "file") << "x";
    fs::create_symlink("/", scratch.path() / "a" / "root");
    fs::permissions(scratch.path() / "a" / "b", fs::perms::owner_read);
    fs::permissions(scratch.path() / "a", fs::perms::none);
  }
  EXPECT_TRUE(fs::is_empty(parent.path()));
}

TEST(ScratchFolder, HasAPathThatHoldsInEveryFolder) {
  const ScratchFolder scratch(".", "test");
  EXPECT_TRUE(scratch.path().is_absolute());
  EXPECT_THROW((void)ScratchFolder("", "test"), Error);
}

TEST(ScratchFolder, TellsWhereItCannotBeMade) {
  try {
    const ScratchFolder scratch("/proc/none", "test");
    FAIL() << "it was made";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("'/proc/none' (set TMPDIR"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace neve
