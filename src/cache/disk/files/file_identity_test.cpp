#include "cache/disk/files/file_identity.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <filesystem>

#include <neve/base/file.hpp>

#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

/// From here on renameat2 fails as it does on filesystems that do not know its flags.
void refuse_rename_flags() {
  std::array<sock_filter, 4> program{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat2, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog filter{program.size(), program.data()};
  require(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "cannot give up privileges");
  require(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0, "cannot filter system calls");
}

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
    refuse_rename_flags();
    move_back_here();
  }));
  ASSERT_TRUE(exists("name"));
  EXPECT_EQ(content("name"), "fresh");
  EXPECT_FALSE(exists("moved"));
  write("moved", "older");
  ASSERT_TRUE(in_child([&] {
    refuse_rename_flags();
    move_back_here();
  }));
  EXPECT_EQ(content("name"), "fresh");
  EXPECT_FALSE(exists("moved"));
}

}  // namespace
}  // namespace neve
