#include "cache/disk/cleaning/cleaner_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include <neve/base/error.hpp>

#include "cache/disk/files/open_without_links.hpp"

namespace neve {
namespace {

bool is_regular(const FileDescriptor& fd) {
  struct stat status {};
  return ::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

std::optional<CleanerLock> CleanerLock::try_take(const RootFolder& root) {
  if (!root.writable()) return std::nullopt;
  FileDescriptor fd = open_without_links(root.fd(), kCleanerLock, O_CREAT | O_RDWR, 0666);
  if (fd.valid() && is_regular(fd)) root.open_to_its_writers(fd.get());
  // Where no file can be made any more cleaning is what is wanted, and what somebody else has put in the lock's place
  // is no reason for a budget not to count: whoever finds no lock takes that of the folder.
  if (!fd.valid() || !is_regular(fd)) fd = open_without_links(root.fd(), kPrivateFolder, O_RDONLY | O_DIRECTORY);
  if (!fd.valid()) throw io_error("cannot lock '" + root.full(kCleanerLock) + "' for cleaning", errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return std::nullopt;
  return CleanerLock(std::move(fd));
}

}  // namespace neve
