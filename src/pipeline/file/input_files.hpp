#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <neve/key/input_file.hpp>

namespace neve {

/// The files a command declares as its inputs. Safe from any thread.
class InputFiles {
 public:
  /// Finds the files: `*`, `?`, `[...]` within a name, `**` for any folders. Throws `invalid_argument` for a pattern
  /// that matches nothing, is a folder, or contains `..`; `too_large` beyond 100,000 files.
  InputFiles(const std::filesystem::path& folder, const std::vector<std::string>& patterns);

  /// Their digests by name. Reads every file once per object. Throws as `hash_input_file`.
  [[nodiscard]] std::map<std::string, InputFile> digests() const;

  /// Puts the relative ones into `folder` under their names: copies of those up to 64 MiB, links to larger ones.
  void lay_into(const std::filesystem::path& folder) const;

  /// Throws `stage_failed` if a file is not what was digested (size, time, inode).
  void require_unchanged() const;

 private:
  /// What tells whether a file is still the one that was read.
  struct Stamp {
    std::uint64_t size = 0;
    std::uint64_t inode = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  struct File {
    std::string name;  ///< as the command knows it
    std::filesystem::path path;
    Stamp stamp{};
    InputFile content{};
  };

  static Stamp stamp_of(const File& file);
  void add_pattern(const std::filesystem::path& folder, const std::string& pattern);

  mutable std::mutex mutex_;
  mutable std::vector<File> files_;  ///< ordered by name
  mutable bool digested_ = false;
};

}  // namespace neve
