#include <neve/pipeline/read_files.hpp>

#include <utility>

#include <neve/base/error.hpp>

#include "pipeline/stage/declared_file.hpp"
#include "pipeline/stage/digest_memory.hpp"

namespace neve {

ReadFiles::ReadFiles() : since_(DigestMemory::of_process().now()) {}

std::map<std::string, InputFile> ReadFiles::digests(const FilePaths& files, const ReadingWatch& watch) {
  const std::set<std::filesystem::path> unread = unread_of(files);
  DigestMemory& memory = DigestMemory::of_process();
  std::uint64_t total = 0, done = 0;
  for (const std::filesystem::path& path : unread) {
    const FileStamp stamp = stamp_of_declared(path, path.string());
    if (!memory.recall(path, stamp, since_)) total += stamp.size;
  }
  const OnBlock on_block = watched(watch, done, total);
  for (const std::filesystem::path& path : unread) {  // without the lock: other points may read other files
    const FileStamp stamp = stamp_of_declared(path, path.string());
    FileReading reading = memory.content(
        path, stamp,
        [&] {
          // Another point may have been waited for, whose reading nobody remembers but this run.
          const std::optional<InputFile> known = content_of(path);
          return known ? FileReading{*known, false} : read_declared(path, stamp, on_block);
        },
        watch.stop, since_);
    const std::lock_guard lock(mutex_);
    known_.try_emplace(path, Known{stamp, reading.lasts, std::move(reading.content)});  // the first reading counts
  }
  const std::lock_guard lock(mutex_);
  std::map<std::string, InputFile> digests;
  for (const auto& [name, path] : files) digests.emplace(name, known_.at(path).content);
  return digests;
}

std::optional<InputFile> ReadFiles::content_of(const std::filesystem::path& path) {
  const std::lock_guard lock(mutex_);
  const auto known = known_.find(path);
  if (known == known_.end()) return std::nullopt;
  return known->second.content;
}

std::set<std::filesystem::path> ReadFiles::unread_of(const FilePaths& files) {
  const std::lock_guard lock(mutex_);
  asked_.insert(files);
  std::set<std::filesystem::path> unread;
  for (const auto& [name, path] : files) {
    if (!known_.contains(path)) unread.insert(path);
  }
  return unread;
}

void ReadFiles::require_unchanged(const FilePaths& files, const OnBlock& on_block) {
  const std::lock_guard lock(mutex_);
  if (!asked_.empty() && !asked_.contains(files)) {
    throw Error(ErrorCode::invalid_argument,
                "the stage has other input files than when this run began to read them; run again, and leave them as "
                "they are until the run ends");
  }
  for (const auto& [name, path] : files) {
    const auto known = known_.find(path);
    if (known == known_.end()) {  // it could not be read: the stage has no key, and is told why
      static_cast<void>(stamp_of_declared(path, path.string()));
      continue;
    }
    Known& before = known->second;
    if (is_unchanged(path, before.stamp, before.settled, before.content, on_block)) continue;
    throw Error(ErrorCode::invalid_argument,
                "the input file '" + path.string() +
                    "' was changed after this run had read it; run again, and leave the file as it is until the run "
                    "ends");
  }
}

}  // namespace neve
