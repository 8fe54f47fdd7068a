#include "pipeline/file/digest_memory.hpp"

#include <algorithm>

namespace neve {
namespace {

constexpr std::chrono::seconds kCoarsestClock{2};  // FAT's

}  // namespace

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
