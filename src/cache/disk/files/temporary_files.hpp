#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include <neve/base/close_written.hpp>
#include <neve/base/file.hpp>

#include "cache/disk/files/root_folder.hpp"

namespace neve {

/// What the names of temporary files end in. Others are not known for neve's and would stay for ever.
inline constexpr std::array<std::string_view, 4> kTemporarySuffixes{".npz", ".json", ".ledger", ".gone"};

/// A file in the making: nobody sees it until it is published, and it is gone if it never is. Not thread-safe.
class TemporaryFile {
 public:
  TemporaryFile(const RootFolder& root, std::string name, FileDescriptor fd)
      : root_(&root), name_(std::move(name)), fd_(std::move(fd)) {}
  ~TemporaryFile();
  TemporaryFile(TemporaryFile&& other) noexcept
      : root_(other.root_), name_(std::move(other.name_)), fd_(std::move(other.fd_)), kept_(other.kept_) {
    other.kept_ = true;
  }
  TemporaryFile& operator=(TemporaryFile&&) = delete;

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  /// Relative to the root.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::string full_name() const { return root_->full(name_); }

  /// Waits until the data are on the disk. Throws `io`.
  void sync() const;
  /// After the last writing. Throws `io`, in a message about `what`, for what could not be written after all.
  void close(const std::string& what) { close_written(fd_, what); }
  /// Somebody renamed the file: it is no longer temporary.
  void keep() noexcept { kept_ = true; }
  [[nodiscard]] bool kept() const noexcept { return kept_; }

 private:
  const RootFolder* root_;
  std::string name_;
  FileDescriptor fd_;
  bool kept_ = false;
};

/// Makes temporary files in `.neve/tmp`, named after a session that holds a lock while it lives, so that a cleaner in
/// any process, on any host or in any container can tell the files of the dead from those of the living. The session
/// begins with the first file. Thread-safe.
class TemporaryFiles {
 public:
  explicit TemporaryFiles(const RootFolder& root) : root_(&root) {}
  ~TemporaryFiles();
  TemporaryFiles(const TemporaryFiles&) = delete;
  TemporaryFiles& operator=(const TemporaryFiles&) = delete;

  /// A new, empty file, open for reading and writing; `suffix` is one of `kTemporarySuffixes`. Throws `io`, also where
  /// a link has taken the place of `.neve` or `.neve/tmp`.
  [[nodiscard]] TemporaryFile create(const char* suffix);

  /// A name in `.neve/tmp` that no other file has, for renaming something to.
  [[nodiscard]] std::string unused_name(const char* suffix);

 private:
  [[nodiscard]] std::string session();
  [[nodiscard]] bool show_life() const;
  void begin_session();
  void begin_anew(const std::string& lost);

  const RootFolder* root_;
  std::mutex mutex_;
  std::string session_;  ///< its path without suffix, relative to the root; empty before the first file
  FileDescriptor lock_;
  std::uint32_t generation_ = 0;  ///< of the root, whose lock tells the living
  pid_t owner_ = 0;               ///< a forked child begins its own and must not end its parent's
  std::atomic<std::uint64_t> serial_{0};
};

/// Removes what sessions that are no more left in `.neve/tmp`; the number of files in the making among it. Their locks
/// do not count: a process that is ended by a signal, as every worker of a `multiprocessing.Pool`, leaves one behind
/// without having interrupted anything. At most `limit` names are looked at.
std::size_t remove_stale_temporaries(const RootFolder& root, std::size_t limit);

/// How many files in the making in `.neve/tmp` belong to no living session.
[[nodiscard]] std::size_t count_stale_temporaries(const RootFolder& root, std::size_t limit);

}  // namespace neve
