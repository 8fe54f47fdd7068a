#include <neve/base/file_stamp.hpp>

#include <algorithm>

#include <sys/stat.h>

namespace neve {
namespace {

std::chrono::nanoseconds since_1970(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

bool FileStamp::settled_before(std::chrono::nanoseconds time) const noexcept {
  constexpr std::chrono::seconds kCoarsestClock{2};  // FAT's
  return std::max(modified, changed) + kCoarsestClock <= time;
}

std::optional<FileStamp> file_stamp(const std::filesystem::path& path) noexcept {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileStamp{.device = status.st_dev,
                   .inode = status.st_ino,
                   .size = static_cast<std::uint64_t>(status.st_size),
                   .modified = since_1970(status.st_mtim),
                   .changed = since_1970(status.st_ctim)};
}

}  // namespace neve
