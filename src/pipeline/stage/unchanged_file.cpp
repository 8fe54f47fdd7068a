#include "pipeline/stage/unchanged_file.hpp"

#include <chrono>

namespace neve {

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
