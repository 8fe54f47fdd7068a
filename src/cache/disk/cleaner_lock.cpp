#include "cache/disk/cleaner_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace neve {

std::optional<CleanerLock> CleanerLock::try_take(const RootFolder& root) noexcept {
  if (!root.writable()) return std::nullopt;
  FileDescriptor fd(::openat(root.fd(), kCleanerLock, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!fd.valid()) return std::nullopt;
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return std::nullopt;
  return CleanerLock(std::move(fd));
}

}  // namespace neve
