#include "cache/disk/files/file_identity.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <cerrno>
#include <filesystem>

#include <neve/base/file.hpp>

#include "support/child_process.hpp"
#include "support/failing_call.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

class MoveBack : public testing::Test {
 protected:
  void write(const char* name, std::string_view content) {
    replace_file(folder_.path() / name, as_byte_span(content), Durability::none);
  }
  [[nodiscard]] std::string content(const char* name) const {
    return std::string(read_file(folder_.path() / name)->text());
  }
  [[nodiscard]] bool exists(const char* name) const { return std::filesystem::exists(folder_.path() / name); }
  void move_back_here() {
    const FileDescriptor root(::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    move_back(root.get(), "moved", "name");
  }

  TemporaryFolder folder_;
};

TEST_F(MoveBack, FileHasItsNameAgain) {
  write("moved", "fresh");
  move_back_here();
  EXPECT_EQ(content("name"), "fresh");
  EXPECT_FALSE(exists("moved"));
}

TEST_F(MoveBack, NewerFileKeepsTheName) {
  write("moved", "fresh");
  write("name", "newer");
  move_back_here();
  EXPECT_EQ(content("name"), "newer");
  EXPECT_FALSE(exists("moved"));
}

TEST_F(MoveBack, FilesystemWithoutRenameFlagsLosesNothing) {
  write("moved", "fresh");
  ASSERT_TRUE(in_child([&] {
    fail_system_call(SYS_renameat2, EINVAL);
    move_back_here();
  }));
  ASSERT_TRUE(exists("name"));
  EXPECT_EQ(content("name"), "fresh");
  EXPECT_FALSE(exists("moved"));
  write("moved", "older");
  ASSERT_TRUE(in_child([&] {
    fail_system_call(SYS_renameat2, EINVAL);
    move_back_here();
  }));
  EXPECT_EQ(content("name"), "fresh");
  EXPECT_FALSE(exists("moved"));
}

}  // namespace
}  // namespace neve
