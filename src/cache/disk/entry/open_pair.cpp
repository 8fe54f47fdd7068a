#include "cache/disk/entry/open_pair.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace neve {
namespace {

constexpr std::time_t kSettledSeconds = 10;
/// Hosts' clocks differ a little; a time further ahead is a wrong clock's, and waiting for it would never end.
constexpr std::time_t kClockSkewSeconds = 60;

FileIdentity identity(const FileDescriptor& fd) { return fd.valid() ? FileIdentity::of(fd.get()) : FileIdentity{}; }

bool untouched(const FileDescriptor& fd) {
  if (!fd.valid()) return true;
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return false;
  const std::time_t age = std::time(nullptr) - status.st_mtim.tv_sec;
  return age >= kSettledSeconds || age < -kClockSkewSeconds;
}

}  // namespace

OpenPair::OpenPair(const RootFolder& root, const EntryNames& names)
    : json_(open(root, names.json())), npz_(open(root, names.npz())) {
  if (missing_ == MissReason::unavailable || (json_.valid() && npz_.valid())) return;
  missing_ = json_.valid() || npz_.valid() ? MissReason::half : MissReason::absent;
  if (missing_ == MissReason::half) {
    detail_ = std::string("there is '") + (json_.valid() ? names.json() : names.npz()) + "' but no '" +
              (json_.valid() ? names.npz() : names.json()) + "'";
  }
}

/// O_NONBLOCK, so that a pipe under an entry's name cannot hang us; it means nothing for files.
FileDescriptor OpenPair::open(const RootFolder& root, const char* name) {
  FileDescriptor fd(::openat(root.fd(), name, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid() && errno != ENOENT) {
    missing_ = MissReason::unavailable;
    detail_ = "cannot open '" + root.full(name) + "': " + std::strerror(errno);
  }
  return fd;
}

void OpenPair::close() noexcept {
  json_.close();
  npz_.close();
}

bool OpenPair::replaced(const RootFolder& root, const EntryNames& names) const noexcept {
  return FileIdentity::at(root.fd(), names.json()) != identity(json_) ||
         FileIdentity::at(root.fd(), names.npz()) != identity(npz_);
}

bool OpenPair::settled() const noexcept { return untouched(json_) && untouched(npz_); }

}  // namespace neve
