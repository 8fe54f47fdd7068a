#include "pipeline/command/digest_memory.hpp"

namespace neve {
std::optional<InputFile> DigestMemory::recall(const std::filesystem::path& path, const FileStamp& stamp) const {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find(path);
  if (found == known_.end() || found->second.stamp != stamp) return std::nullopt;
  return found->second.content;
}

void DigestMemory::keep(const std::filesystem::path& path, const FileStamp& stamp, const InputFile& content,
                        std::chrono::nanoseconds read_at) {
  const std::lock_guard lock(mutex_);
  if (stamp.settled_before(read_at)) {
    known_.insert_or_assign(path, Known{stamp, content});
  } else {
    known_.erase(path);
  }
}

}  // namespace neve
