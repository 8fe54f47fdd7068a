#include "cache/disk/files/open_without_links.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string_view>

namespace neve {
namespace {

/// Folder by folder, for kernels before 5.6 and sandboxes that do not know openat2.
int open_step_by_step(int folder_fd, std::string_view path, int flags, mode_t mode) noexcept {
  FileDescriptor folder;
  for (;;) {
    const std::size_t end = path.find('/');
    char part[NAME_MAX + 1];
    const std::size_t length = std::min(end, path.size());
    if (length > NAME_MAX) {
      errno = ENAMETOOLONG;
      return -1;
    }
    std::memcpy(part, path.data(), length);
    part[length] = '\0';
    const int parent = folder.valid() ? folder.get() : folder_fd;
    if (end == std::string_view::npos) return ::openat(parent, part, flags | O_NOFOLLOW, mode);
    FileDescriptor next(::openat(parent, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next.valid()) return -1;
    folder = std::move(next);
    path.remove_prefix(end + 1);
  }
}

}  // namespace

FileDescriptor open_without_links(int folder_fd, const char* path, int flags, mode_t mode) noexcept {
  flags |= O_CLOEXEC | O_NONBLOCK;
  open_how how{};
  how.flags = static_cast<unsigned>(flags);
  how.mode = mode;
  how.resolve = RESOLVE_NO_SYMLINKS;
  const long opened = ::syscall(SYS_openat2, folder_fd, path, &how, sizeof how);
  if (opened >= 0) return FileDescriptor(static_cast<int>(opened));
  if (errno != ENOSYS && errno != EPERM) return {};
  return FileDescriptor(open_step_by_step(folder_fd, path, flags, mode));
}

}  // namespace neve
