#include "pipeline/file/digest_memory.hpp"

#include <algorithm>
#include <sys/stat.h>

namespace neve {
namespace {

constexpr std::chrono::seconds kCoarsestClock{2};  // FAT's

std::chrono::nanoseconds since_1970(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

std::optional<FileStamp> file_stamp(const std::filesystem::path& path) noexcept {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileStamp{.device = status.st_dev,
                   .inode = status.st_ino,
                   .size = static_cast<std::uint64_t>(status.st_size),
                   .modified = since_1970(status.st_mtim),
                   .changed = since_1970(status.st_ctim)};
}

std::optional<InputFile> DigestMemory::recall(const std::filesystem::path& path, const FileStamp& stamp) const {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find(path);
  if (found == known_.end() || found->second.stamp != stamp) return std::nullopt;
  return found->second.content;
}

void DigestMemory::keep(const std::filesystem::path& path, const FileStamp& stamp, const InputFile& content,
                        std::chrono::nanoseconds read_at) {
  const std::lock_guard lock(mutex_);
  if (std::max(stamp.modified, stamp.changed) + kCoarsestClock > read_at) {
    known_.erase(path);
  } else {
    known_.insert_or_assign(path, Known{stamp, content});
  }
}

}  // namespace neve
