#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include <neve/base/file_stamp.hpp>
#include <neve/key/input_file.hpp>

namespace neve {

/// Files that a stage reads, by the name each has in the key. Relative paths are those of the process.
using FilePaths = std::map<std::string, std::filesystem::path>;

/// What files held when a run first read them: the same for all stages that share the object, which is made when the
/// run begins. Thread-safe.
class ReadFiles {
 public:
  ReadFiles();

  /// Their digests by name. A file that any stage of this process has read since this object was made, and that has its
  /// stamp still, is not read again; files that several threads ask for are read by one of them. Throws as
  /// `hash_input_file`, `io`, and `cancelled` when the watch's stop is requested.
  [[nodiscard]] std::map<std::string, InputFile> digests(const FilePaths& files, const ReadingWatch& watch);

  /// Throws `invalid_argument`, which no stage tries again, if one of them is missing, or may hold, or for a while have
  /// held, something else than what was digested, or if these files are not the ones that were asked for: a stage that
  /// lists a folder may find another file in it by now. And what `on_block` throws.
  void require_unchanged(const FilePaths& files, const OnBlock& on_block);

 private:
  struct Known {
    FileStamp stamp;
    bool settled = false;  ///< who writes to it later changes the stamp
    InputFile content;
  };

  [[nodiscard]] std::set<std::filesystem::path> unread_of(const FilePaths& files);

  [[nodiscard]] std::optional<InputFile> content_of(const std::filesystem::path& path);

  const std::uint64_t since_;  ///< what was read before may have changed unseen: files written through a mapping
  std::mutex mutex_;           ///< not held while a file is read for its digest
  std::set<FilePaths> asked_;
  std::map<std::filesystem::path, Known> known_;
};

}  // namespace neve
