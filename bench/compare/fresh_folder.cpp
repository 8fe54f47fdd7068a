#include "fresh_folder.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include <neve/base/file.hpp>

namespace neve::bench {
namespace {

void spread_folders_in(const std::filesystem::path& folder) {
  const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  int flags = 0;
  if (::ioctl(fd.get(), FS_IOC_GETFLAGS, &flags) != 0) return;
  flags |= FS_TOPDIR_FL;
  (void)::ioctl(fd.get(), FS_IOC_SETFLAGS, &flags);
}

}  // namespace

FreshFolder::FreshFolder()
    : parent_(std::filesystem::temp_directory_path(), "bench"), path_(parent_.path() / parent_.path().filename()) {
  spread_folders_in(parent_.path());
  std::filesystem::create_directory(path_);
}

}  // namespace neve::bench
