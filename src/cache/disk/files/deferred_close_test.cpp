#include "cache/disk/files/deferred_close.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

namespace neve {
namespace {

class DeferredCloseInFolder : public testing::Test {
 protected:
  void make_file(const std::string& name) { std::ofstream(folder_.path() / name) << "content"; }
  [[nodiscard]] static bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

  TemporaryFolder folder_;
  FileDescriptor root_{::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
};

TEST_F(DeferredCloseInFolder, RemovedFileIsGoneAtOnceAndClosedInTheEnd) {
  make_file("a");
  DeferredClose closer;
  EXPECT_TRUE(closer.unlink(root_.get(), "a"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "a"));
  EXPECT_FALSE(closer.unlink(root_.get(), "a"));
}

TEST_F(DeferredCloseInFolder, DrainingClosesEverythingReleased) {
  DeferredClose closer;
  std::vector<int> fds;
  for (int i = 0; i < 200; ++i) {
    const std::string name = std::to_string(i);
    make_file(name);
    FileDescriptor held = DeferredClose::hold(root_.get(), name.c_str());
    ASSERT_TRUE(held.valid());
    fds.push_back(held.get());
    closer.release(std::move(held));
  }
  closer.drain();
  for (const int fd : fds) EXPECT_FALSE(is_open(fd));
}

TEST_F(DeferredCloseInFolder, DestructionClosesWhatWaits) {
  make_file("a");
  int fd = -1;
  {
    DeferredClose closer;
    FileDescriptor held = DeferredClose::hold(root_.get(), "a");
    fd = held.get();
    closer.release(std::move(held));
  }
  EXPECT_FALSE(is_open(fd));
}

TEST_F(DeferredCloseInFolder, WorksInAForkedChildWithoutTheParentsThread) {
  auto closer = std::make_unique<DeferredClose>();
  make_file("a");
  closer->unlink(root_.get(), "a");
  closer->drain();
  make_file("b");
  EXPECT_TRUE(in_child([&] {
    require(closer->unlink(root_.get(), "b"), "the file was not removed");
    closer->drain();
    closer.reset();
  }));
}

}  // namespace
}  // namespace neve
