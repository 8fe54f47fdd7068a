#include "cache/disk/entry_file_stamp.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>

namespace neve {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kTick = 50'000'000;  // several of the slowest kernel's
constexpr std::int64_t kCoarse = 2 * kSecond;

std::int64_t nanoseconds(const timespec& time) noexcept { return std::int64_t{time.tv_sec} * kSecond + time.tv_nsec; }

std::optional<EntryFileStamp> stamp(const struct stat& status) noexcept {
  if (!S_ISREG(status.st_mode) || status.st_nlink == 0) return std::nullopt;
  return EntryFileStamp{status.st_dev,
                        status.st_ino,
                        status.st_nlink,
                        status.st_size,
                        nanoseconds(status.st_mtim),
                        nanoseconds(status.st_ctim)};
}

}  // namespace

std::optional<EntryFileStamp> EntryFileStamp::of(int fd) noexcept {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? stamp(status) : std::nullopt;
}

std::optional<EntryFileStamp> EntryFileStamp::at(int root_fd, const char* name) noexcept {
  struct stat status {};
  return ::fstatat(root_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? stamp(status) : std::nullopt;
}

bool EntryFileStamp::tells_from(std::int64_t now_ns) const noexcept {
  const std::int64_t grain = changed_ns % kSecond == 0 ? kCoarse : kTick;
  return std::max(modified_ns, changed_ns) < now_ns - grain;
}

std::int64_t file_clock_ns() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &time);
  return nanoseconds(time);
}

}  // namespace neve
