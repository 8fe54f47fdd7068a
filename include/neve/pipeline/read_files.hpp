#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include <neve/base/file_stamp.hpp>
#include <neve/key/input_file.hpp>

namespace neve {

/// Files that a stage reads, by the name each has in the key. Relative paths are those of the process.
using FilePaths = std::map<std::string, std::filesystem::path>;

/// What files held when a run first read them: the same for all stages that share the object. Thread-safe.
class ReadFiles {
 public:
  /// Their digests by name. Each file is read once. Throws as `hash_input_file`, `io`, and `cancelled` when the watch's
  /// stop is requested.
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

  std::mutex mutex_;
  std::set<FilePaths> asked_;
  std::map<std::filesystem::path, Known> known_;
};

}  // namespace neve
