#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include <neve/base/clock.hpp>
#include <neve/base/file.hpp>
#include <neve/cache/disk_cache.hpp>

namespace neve {

/// Names below the root, relative to it.
inline constexpr const char* kPrivateFolder = ".neve";
inline constexpr const char* kTemporaryFolder = ".neve/tmp";
inline constexpr const char* kQuarantineFolder = ".neve/quarantine";
inline constexpr const char* kLedgerFile = ".neve/ledger";
inline constexpr const char* kCleanerLock = ".neve/cleaner.lock";

/// The cache's folder, held open, so that every file is reached relative to it. When another folder has taken its path,
/// `follow` goes on with that one. Safe from any thread.
class RootFolder {
 public:
  /// Opens the folder, creating it (unless read-only access is wanted) with neve's private folder inside. A folder that
  /// cannot be written is opened read-only, and `read_only_because` says why.
  ///
  /// Throws `invalid_argument` if something other than a folder is in the way, or read-only access is wanted to a
  /// folder that is not there; `io` if the folder cannot be created or opened.
  [[nodiscard]] static RootFolder open(const std::filesystem::path& path, FolderAccess access,
                                       WhenMoved when_moved = WhenMoved::follow);

  /// The folder that is open now, which what is done with it keeps to, whatever takes the path meanwhile; with the
  /// `generation` it has. Throws `io`.
  [[nodiscard]] RootFolder pinned() const;

  /// Around a folder that is open already, for reading.
  [[nodiscard]] static RootFolder around(const std::filesystem::path& path, FileDescriptor fd);

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] bool writable() const noexcept { return read_only_because_.empty(); }
  /// Asks again: a filesystem may become read-only, a permission be taken away.
  [[nodiscard]] bool still_writable() const noexcept;
  /// Empty when the folder is writable.
  [[nodiscard]] const std::string& read_only_because() const noexcept { return read_only_because_; }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// For messages: `name` with the folder's path before it.
  [[nodiscard]] std::string full(std::string_view name) const;

  /// Lets whoever may write into the folder write into `file`, which neve made for itself in it, whatever the maker's
  /// umask. Of another's file it changes nothing.
  void open_to_its_writers(int file) const noexcept;

  /// Makes the folder itself and the private folders anew, after somebody removed them. Throws `io`.
  void restore_private_folders() const;

  /// Goes on with the folder that has the path now, if that is another: somebody put it there, or repointed a link.
  /// True if so. Looks once a second at most by the time `now`, but always once the open folder has been removed.
  bool follow(TimePoint now) const noexcept;
  /// The same, without a call of the kernel before the second is over: for what happens too often for one.
  bool follow_if_due(TimePoint now) const noexcept { return is_due(now) && follow(now); }
  /// Changes whenever the open folder becomes another.
  [[nodiscard]] std::uint32_t generation() const noexcept { return watch_->generation.load(); }

 private:
  struct Watch {
    std::atomic<std::int64_t> looked_at_ms{0};
    std::atomic<std::uint32_t> generation{0};
  };

  RootFolder(const std::string& path, FileDescriptor fd)
      : RootFolder(path, std::filesystem::absolute(path), std::move(fd)) {}
  RootFolder(std::string path, std::filesystem::path absolute, FileDescriptor fd)
      : path_(std::move(path)), absolute_(std::move(absolute)), fd_(std::move(fd)) {}

  void prepare_for_writing();
  void restore_root() const;
  [[nodiscard]] bool is_due(TimePoint now) const noexcept;
  [[nodiscard]] bool reopen() const noexcept;

  std::string path_;
  std::filesystem::path absolute_;  // the process may work elsewhere by the time it is needed
  FileDescriptor fd_;
  bool stays_ = false;
  std::string read_only_because_;
  std::unique_ptr<Watch> watch_ = std::make_unique<Watch>();
};

}  // namespace neve
