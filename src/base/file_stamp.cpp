#include <neve/base/file_stamp.hpp>

#include <algorithm>

#include <fcntl.h>
#include <sys/stat.h>

namespace neve {
namespace {

std::chrono::nanoseconds since_1970(const timespec& time) noexcept {
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

FileStamp stamp_of(const struct stat& status) noexcept {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .links = status.st_nlink,
          .size = static_cast<std::uint64_t>(status.st_size),
          .modified = since_1970(status.st_mtim),
          .changed = since_1970(status.st_ctim)};
}

constexpr std::chrono::seconds kCoarsestStep{2};       // FAT's
constexpr std::chrono::milliseconds kKernelSteps{50};  // several of the slowest kernel's

}  // namespace

bool FileStamp::settled_before(std::chrono::nanoseconds time) const noexcept {
  return std::max(modified, changed) + kCoarsestStep <= time;
}

bool FileStamp::settled_locally_before(std::chrono::nanoseconds time) const noexcept {
  const bool whole_seconds = changed % std::chrono::seconds(1) == std::chrono::nanoseconds(0);
  return whole_seconds ? settled_before(time) : std::max(modified, changed) + kKernelSteps <= time;
}

std::optional<FileStamp> file_stamp(const std::filesystem::path& path) noexcept {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? std::optional(stamp_of(status)) : std::nullopt;
}

std::optional<FileStamp> file_stamp(int fd) noexcept {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? std::optional(stamp_of(status)) : std::nullopt;
}

std::optional<FileStamp> file_stamp_at(int folder_fd, const char* name) noexcept {
  struct stat status {};
  return ::fstatat(folder_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? std::optional(stamp_of(status)) : std::nullopt;
}

}  // namespace neve
