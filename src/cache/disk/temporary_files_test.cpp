#include "cache/disk/temporary_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include <neve/base/file.hpp>

#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

class TemporaryFilesInFolder : public testing::Test {
 protected:
  [[nodiscard]] std::size_t files() const {
    const auto entries = std::filesystem::directory_iterator(folder_.path() / kTemporaryFolder);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
  }

  TemporaryFolder folder_;
  RootFolder root_ = RootFolder::open(folder_.path(), FolderAccess::read_write);
};

TEST_F(TemporaryFilesInFolder, UnpublishedFileIsGone) {
  TemporaryFiles temporaries(root_);
  std::string name;
  {
    const TemporaryFile file = temporaries.create(".npz");
    name = file.full_name();
    EXPECT_TRUE(std::filesystem::exists(name));
  }
  EXPECT_FALSE(std::filesystem::exists(name));
}

TEST_F(TemporaryFilesInFolder, ClosedSessionLeavesNothing) {
  { (void)TemporaryFiles(root_).create(".npz"); }
  EXPECT_EQ(files(), 0U);
}

TEST_F(TemporaryFilesInFolder, CleanerSparesTheLivingAndTakesTheDead) {
  TemporaryFiles temporaries(root_);
  const TemporaryFile mine = temporaries.create(".npz");
  ASSERT_TRUE(in_child([&] {
    const RootFolder root = RootFolder::open(folder_.path(), FolderAccess::read_write);
    auto* theirs = new TemporaryFiles(root);
    write_all(theirs->create(".npz").fd(), as_byte_span("x"), "x");
    const TemporaryFile file = theirs->create(".json");
    ::_exit(0);  // dies without a word, as a killed process does
  }));
  EXPECT_EQ(count_stale_temporaries(root_, 1000), 2U);  // a file and the session's lock
  EXPECT_EQ(remove_stale_temporaries(root_, 1000), 2U);
  EXPECT_TRUE(std::filesystem::exists(mine.full_name()));
  EXPECT_EQ(count_stale_temporaries(root_, 1000), 0U);
}

TEST_F(TemporaryFilesInFolder, FolderRemovedMeanwhileIsMadeAnew) {
  TemporaryFiles temporaries(root_);
  (void)temporaries.create(".npz");
  std::filesystem::remove_all(folder_.path() / kPrivateFolder);
  const TemporaryFile file = temporaries.create(".npz");
  EXPECT_TRUE(std::filesystem::exists(file.full_name()));
  EXPECT_EQ(count_stale_temporaries(root_, 1000), 0U) << "the new session is alive";
}

TEST_F(TemporaryFilesInFolder, ForkedChildDoesNotEndItsParentsSession) {
  auto temporaries = std::make_unique<TemporaryFiles>(root_);
  const TemporaryFile file = temporaries->create(".npz");
  ASSERT_TRUE(in_child([&] {
    (void)temporaries->create(".npz");
    temporaries.reset();
  }));
  EXPECT_EQ(count_stale_temporaries(root_, 1000), 0U);
}

TEST_F(TemporaryFilesInFolder, ForkedChildNamesNothingAsItsParentDoes) {
  TemporaryFiles temporaries(root_);
  const TemporaryFile first = temporaries.create(".npz");
  const std::string file = folder_.path() / "names";
  ASSERT_TRUE(in_child([&] { replace_file(file, as_byte_span(temporaries.unused_name(".gone")), Durability::none); }));
  EXPECT_NE(read_file(file)->text(), temporaries.unused_name(".gone"));
}

}  // namespace
}  // namespace neve
