#include <neve/base/machine.hpp>

#include <fcntl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <fstream>

#include <gtest/gtest.h>
#include <neve/base/file.hpp>

#include "support/child_process.hpp"
#include "support/failing_call.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

class Machine : public testing::Test {
 protected:
  [[nodiscard]] FileDescriptor open() const { return FileDescriptor(::open(file_.c_str(), O_RDWR | O_CREAT, 0600)); }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "lock";
};

TEST_F(Machine, LocksOnItsOwnFilesystemAreSeenWhoeverNotedThem) {
  std::ofstream(file_) << "11111111-2222-3333-4444-555555555555";
  EXPECT_TRUE(sees_locks_of(open().get()));
}

TEST_F(Machine, WhereMachinesMayShareAFilesystemItSeesTheLocksOfWhatItHasNoted) {
  EXPECT_TRUE(in_child([&] {
    fail_system_call(SYS_fstatfs, ENOSYS);  // nobody knows what filesystem this is
    const FileDescriptor file = open();
    require(!sees_locks_of(file.get()), "nobody noted this one");
    note_machine(file.get());
    require(sees_locks_of(file.get()), "its own note");
  }));
}

TEST_F(Machine, MachinesThatDoNotSayTheirNamesAreNotTheSameOne) {
  EXPECT_TRUE(in_child([&] {
    const FileDescriptor file = open();
    fail_system_call(SYS_fstatfs, ENOSYS);
    fail_system_call(SYS_openat, EACCES);  // nor can anybody read the name, as in some sandboxes
    note_machine(file.get());
    require(machine_since_boot().empty(), "it has a name");
    require(!sees_locks_of(file.get()), "an empty note was taken for its own");
  }));
}

}  // namespace
}  // namespace neve
