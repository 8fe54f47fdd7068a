#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include <neve/base/file_stamp.hpp>
#include <neve/key/input_file.hpp>

#include "pipeline/command/file_copy.hpp"
#include "pipeline/stage/digest_memory.hpp"

namespace neve {

/// Which files a command declares, and where that was written. A plain value.
struct InputPattern {
  std::string text;
  std::string place;  ///< errors begin with it
};

/// The files a command declares as its inputs, as one run found them. Safe from any thread.
class InputFiles {
 public:
  /// Finds the files: `*`, `?`, `[...]` within a name, `**` for any folders. Throws `invalid_argument` for a pattern
  /// that matches nothing or a link that leads nowhere, is a folder, or contains `..`; `io` for a folder that cannot be
  /// read; `too_large` beyond 100,000 files.
  InputFiles(std::filesystem::path folder, std::vector<InputPattern> patterns);
  /// The same, where digests of files that were taken after `since` count as long as the files keep their stamps.
  InputFiles(std::filesystem::path folder, std::vector<InputPattern> patterns, DigestMemory::Moment since);

  /// What the same patterns find now, for another run. Files that are as an earlier run of the same pipeline read them
  /// are not read again. Throws as the constructor.
  [[nodiscard]] std::shared_ptr<const InputFiles> anew() const;

  /// Their digests by name: of one moment, so the same for as long as the object lives. Throws as `hash_input_file`,
  /// and `cancelled` when the watch's stop is requested.
  [[nodiscard]] std::map<std::string, InputFile> digests(const ReadingWatch& watch = {}) const;

  /// As the command knows them.
  [[nodiscard]] std::set<std::string> names() const;

  /// Puts the relative ones into `folder` under their names, with the content that was digested: of files that have
  /// changed since, the one kept from the first call, which is done for 16 MiB in all. Returns the names of those.
  /// Throws `invalid_argument`, which no stage tries again, if another has changed, and what `on_block` throws.
  std::vector<std::string> lay_into(const std::filesystem::path& folder, const OnBlock& on_block = {}) const;

  /// Throws `invalid_argument`, which no stage tries again, if a file that the command reads in its own place may have
  /// held something else than what was digested, and what `on_block` throws.
  void require_unchanged(const OnBlock& on_block = {}) const;

 private:
  struct File {
    std::string name;  ///< as the command knows it
    std::filesystem::path path;
    FileStamp stamp{};
    bool settled = false;  ///< when it was last read: who writes it later changes the stamp
    InputFile content{};
    std::optional<KeptFile> kept{};  ///< what was digested, if it has been copied and there was room
  };

  [[noreturn]] static void fail_changed(const File& file);
  void keep(File& file, const std::filesystem::path& copy) const;
  [[nodiscard]] static bool has_changed(const File& file);
  [[nodiscard]] std::uint64_t bytes_unknown() const;
  void add_pattern(const std::string& pattern);
  void read(File& file, const OnBlock& on_block, const std::stop_token& stop) const;

  std::filesystem::path folder_;
  std::vector<InputPattern> patterns_;
  DigestMemory::Moment since_;  ///< when the first of these was made: no digest from before counts
  mutable std::mutex mutex_;
  mutable std::vector<File> files_;  ///< ordered by name
  mutable bool digested_ = false;
  mutable std::uint64_t kept_bytes_ = 0;
};

}  // namespace neve
