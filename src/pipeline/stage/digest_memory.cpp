#include "pipeline/stage/digest_memory.hpp"

#include <atomic>
#include <memory>

#include <pthread.h>

namespace neve {
namespace {

std::atomic<DigestMemory*> process_memory{nullptr};

// As of the keys under way: a lock may be held for ever in a forked child, which begins anew.
[[maybe_unused]] const int registered_memory = ::pthread_atfork(nullptr, nullptr, [] { process_memory = nullptr; });

}  // namespace

/// While it lives, nobody else reads the file.
class DigestMemory::Turn {
 public:
  Turn(DigestMemory& memory, const std::filesystem::path& path) : memory_(memory), path_(path) {}
  ~Turn() {
    const std::lock_guard lock(memory_.mutex_);
    memory_.being_read_.erase(path_);
    memory_.read_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  DigestMemory& memory_;
  const std::filesystem::path& path_;
};

DigestMemory& DigestMemory::of_process() {
  DigestMemory* memory = process_memory;
  if (memory != nullptr) return *memory;
  auto fresh = std::make_unique<DigestMemory>();
  return process_memory.compare_exchange_strong(memory, fresh.get()) ? *fresh.release() : *memory;
}

DigestMemory::Moment DigestMemory::now() const {
  const std::lock_guard lock(mutex_);
  return readings_;
}

std::optional<InputFile> DigestMemory::find(const std::filesystem::path& path, const FileStamp& stamp,
                                            Moment since) const {
  const auto found = known_.find(path);
  if (found == known_.end() || found->second.stamp != stamp || found->second.begun <= since) return std::nullopt;
  return found->second.content;
}

std::optional<InputFile> DigestMemory::recall(const std::filesystem::path& path, const FileStamp& stamp,
                                              Moment since) const {
  const std::lock_guard lock(mutex_);
  return find(path, stamp, since);
}

FileReading DigestMemory::content(const std::filesystem::path& path, const FileStamp& stamp,
                                  const std::function<FileReading()>& read, const std::stop_token& stop, Moment since) {
  Moment begun = 0;
  {
    std::unique_lock lock(mutex_);
    read_.wait(lock, stop, [&] { return !being_read_.contains(path); });
    if (const auto known = find(path, stamp, since)) return {*known, true};
    if (!being_read_.insert(path).second) {  // stopped while another one reads
      lock.unlock();
      return read();
    }
    begun = ++readings_;
  }
  const Turn turn(*this, path);
  FileReading reading = read();
  const std::lock_guard lock(mutex_);
  if (reading.lasts) {
    if (known_.size() >= most_) known_.clear();
    known_.insert_or_assign(path, Known{stamp, reading.content, begun});
  } else {
    known_.erase(path);
  }
  return reading;
}

}  // namespace neve
