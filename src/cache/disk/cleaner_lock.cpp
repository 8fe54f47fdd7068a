#include "cache/disk/cleaner_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include <neve/base/error.hpp>

namespace neve {

std::optional<CleanerLock> CleanerLock::try_take(const RootFolder& root) {
  if (!root.writable()) return std::nullopt;
  FileDescriptor fd(::openat(root.fd(), kCleanerLock, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!fd.valid() && (errno == ENOSPC || errno == EDQUOT)) {
    // Where no file can be made any more cleaning is what is wanted: whoever finds no lock takes that of the folder.
    fd = FileDescriptor(::openat(root.fd(), kPrivateFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  }
  if (!fd.valid()) throw io_error("cannot lock '" + root.full(kCleanerLock) + "' for cleaning", errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return std::nullopt;
  return CleanerLock(std::move(fd));
}

}  // namespace neve
