#include <neve/pipeline/read_files.hpp>

#include <utility>

#include <neve/base/error.hpp>

#include "pipeline/stage/declared_file.hpp"

namespace neve {

std::map<std::string, InputFile> ReadFiles::digests(const FilePaths& files, const ReadingWatch& watch) {
  const std::lock_guard lock(mutex_);
  asked_.insert(files);
  std::map<std::filesystem::path, FileStamp> unread;
  std::uint64_t total = 0, done = 0;
  for (const auto& [name, path] : files) {
    if (known_.contains(path) || unread.contains(path)) continue;
    total += unread.emplace(path, stamp_of_declared(path, path.string())).first->second.size;
  }
  const OnBlock on_block = watched(watch, done, total);
  for (const auto& [path, stamp] : unread) {
    FileReading reading = read_declared(path, stamp, on_block);
    known_.emplace(path, Known{stamp, reading.lasts, std::move(reading.content)});
  }
  std::map<std::string, InputFile> digests;
  for (const auto& [name, path] : files) digests.emplace(name, known_.at(path).content);
  return digests;
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
