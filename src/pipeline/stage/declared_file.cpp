#include "pipeline/stage/declared_file.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

#include <neve/base/error.hpp>

namespace neve {

FileStamp stamp_of_declared(const std::filesystem::path& path, const std::string& name) {
  if (const auto stamp = file_stamp(path)) return *stamp;
  if (errno == ENOENT || errno == ENOTDIR)
    throw Error(ErrorCode::invalid_argument, "there is no input file '" + name + "'");
  throw io_error("cannot read the input file '" + name + "'", errno);
}

FileReading read_declared(const std::filesystem::path& path, const FileStamp& before, const OnBlock& on_block) {
  const auto read_at = std::chrono::system_clock::now().time_since_epoch();
  InputFile content = hash_input_file(path, on_block);
  return {std::move(content), before.settled_before(read_at) && file_stamp(path) == before};
}

OnBlock watched(const ReadingWatch& watch, std::uint64_t& done, std::uint64_t total) {
  return [&watch, &done, total](std::size_t bytes) {
    if (watch.stop.stop_requested()) throw Error(ErrorCode::cancelled, "the run was cancelled");
    done += bytes;
    if (watch.on_progress) watch.on_progress(done, std::max(done, total));
  };
}

bool is_unchanged(const std::filesystem::path& path, const FileStamp& before, bool& settled, const InputFile& content,
                  const OnBlock& on_block) {
  const auto read_at = std::chrono::system_clock::now().time_since_epoch();
  const std::optional<FileStamp> stamp = file_stamp(path);
  if (stamp == before && settled) return true;
  // A new stamp alone may be a backup's link. What was written may have been another while the stage read it. The
  // same stamp of a file written a moment before it was digested may hide another writing within the same tick.
  const bool written = !stamp || stamp->modified != before.modified || stamp->inode != before.inode;
  if (written || hash_input_file(path, on_block) != content) return false;
  settled = stamp == before && stamp->settled_before(read_at);
  return true;
}

}  // namespace neve
