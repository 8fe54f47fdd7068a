#include "cache/disk/cleaner_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include <neve/base/error.hpp>

#include "cache/disk/open_without_links.hpp"

namespace neve {

std::optional<CleanerLock> CleanerLock::try_take(const RootFolder& root) {
  if (!root.writable()) return std::nullopt;
  FileDescriptor fd = open_without_links(root.fd(), kCleanerLock, O_CREAT | O_RDWR, 0666);
  if (!fd.valid() && (errno == ENOSPC || errno == EDQUOT)) {
    // Where no file can be made any more cleaning is what is wanted: whoever finds no lock takes that of the folder.
    fd = open_without_links(root.fd(), kPrivateFolder, O_RDONLY | O_DIRECTORY);
  } else if (struct stat status{}; fd.valid() && ::fstat(fd.get(), &status) == 0 && !S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::io,
                "'" + root.full(kCleanerLock) + "' is not a regular file, so nobody can clean; remove it");
  }
  if (!fd.valid()) throw io_error("cannot lock '" + root.full(kCleanerLock) + "' for cleaning", errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return std::nullopt;
  return CleanerLock(std::move(fd));
}

}  // namespace neve
