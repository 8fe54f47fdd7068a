#include "cache/disk/files/root_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include <neve/base/error.hpp>

namespace neve {
namespace {

/// Not a link to one: what is written and cleaned there would be somewhere else.
bool is_own_folder(int fd, const char* name) noexcept {
  struct stat status {};
  if (::fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
  errno = S_ISLNK(status.st_mode) ? ELOOP : ENOTDIR;
  return S_ISDIR(status.st_mode);
}

/// mkdirat that is content with a folder that is there already. Who may write into the cache folder may write into what
/// is made in it, whatever the maker's umask: a group's folder is for the group.
bool ensure_folder(int fd, const char* name) noexcept {
  if (::mkdirat(fd, name, 0777) != 0) return errno == EEXIST && is_own_folder(fd, name);
  struct stat root {};
  constexpr mode_t kPermissions = 07777;
  if (::fstat(fd, &root) == 0) (void)::fchmodat(fd, name, root.st_mode & kPermissions, 0);
  return true;
}

[[noreturn]] void refuse_non_folder(const std::string& path) {
  throw Error(ErrorCode::invalid_argument,
              "'" + path + "' is not a folder, and a disk cache needs one; name another path");
}

void create_folder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return;
  if (error == std::errc::not_a_directory || error == std::errc::file_exists) refuse_non_folder(path.string());
  throw io_error("cannot create the cache folder '" + path.string() + "' (name another one: disk:PATH)", error.value());
}

}  // namespace

RootFolder RootFolder::open(const std::filesystem::path& path, FolderAccess access, WhenMoved when_moved) {
  std::string name = path.string();
  FileDescriptor fd(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() && errno == ENOENT && access == FolderAccess::read_write) {
    create_folder(path);
    fd = FileDescriptor(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  if (!fd.valid()) {
    if (errno == ENOTDIR) refuse_non_folder(name);
    if (errno == ENOENT) {
      throw Error(ErrorCode::invalid_argument,
                  "there is no folder '" + name + "', and a read-only cache does not create one");
    }
    throw io_error("cannot open the cache folder '" + name + "'", errno);
  }
  RootFolder root(std::move(name), std::move(fd));
  root.stays_ = when_moved == WhenMoved::stay;
  if (access == FolderAccess::read_only) {
    root.read_only_because_ = "the cache '" + root.path_ + "' was opened read-only";
  } else {
    root.prepare_for_writing();
  }
  return root;
}

void RootFolder::prepare_for_writing() {
  const bool made = ensure_folder(fd(), kPrivateFolder) && ensure_folder(fd(), kTemporaryFolder);
  if (made && still_writable()) return;
  const int reason = errno;
  if (!made && (reason == ELOOP || reason == ENOTDIR)) {
    const char* const name = is_own_folder(fd(), kPrivateFolder) ? kTemporaryFolder : kPrivateFolder;
    read_only_because_ = "'" + full(name) + "' is " + (reason == ELOOP ? "a link" : "no folder") +
                         ", and nothing is written through it; remove it, and a folder is made there";
    return;
  }
  const bool root_is_writable = ::faccessat(fd(), ".", W_OK | X_OK, AT_EACCESS) == 0;
  read_only_because_ = "the cache folder '" + (root_is_writable ? full(kTemporaryFolder) : path_) +
                       "' cannot be written: " + std::strerror(reason);
}

bool RootFolder::still_writable() const noexcept {
  return ::faccessat(fd(), ".", W_OK | X_OK, AT_EACCESS) == 0 &&
         ::faccessat(fd(), kTemporaryFolder, W_OK | X_OK, AT_EACCESS) == 0;
}

void RootFolder::open_to_its_writers(int file) const noexcept {
  constexpr mode_t kReadAndWrite = 0666;
  struct stat folder {};
  struct stat made {};
  if (::fstat(fd(), &folder) != 0 || ::fstat(file, &made) != 0) return;
  const mode_t wanted = folder.st_mode & kReadAndWrite;
  if ((made.st_mode & kReadAndWrite) != wanted) (void)::fchmod(file, wanted);
}

/// Without a lock, which a forked child could find locked for ever. A generation that `reopen` passes through is
/// nobody's for long, so what was pinned meanwhile is found outdated.
RootFolder RootFolder::pinned() const {
  for (;;) {
    const std::uint32_t before = generation();
    FileDescriptor same(::fcntl(fd(), F_DUPFD_CLOEXEC, 0));
    if (!same.valid()) throw io_error("cannot keep the cache folder '" + path_ + "' open", errno);
    if (generation() != before) continue;
    RootFolder root(path_, absolute_, std::move(same));
    root.read_only_because_ = read_only_because_;
    root.stays_ = true;
    root.watch_->generation = before;
    return root;
  }
}

RootFolder RootFolder::around(const std::filesystem::path& path, FileDescriptor fd) {
  RootFolder root(path.string(), std::move(fd));
  root.read_only_because_ = "the cache '" + root.path_ + "' was opened for looking only";
  return root;
}

std::string RootFolder::full(std::string_view name) const { return path_ + "/" + std::string(name); }

void RootFolder::restore_private_folders() const {
  struct stat status {};
  if (::fstat(fd(), &status) == 0 && status.st_nlink == 0) restore_root();
  if (!ensure_folder(fd(), kPrivateFolder) || !ensure_folder(fd(), kTemporaryFolder)) {
    throw io_error("cannot write in the cache folder '" + path_ + "' (was something in it removed while open?)", errno);
  }
}

void RootFolder::restore_root() const {
  create_folder(absolute_);
  if (!reopen()) throw io_error("cannot open the cache folder '" + path_ + "' anew, after it was removed", errno);
}

/// Everybody who has the descriptor goes on with the folder that has the path now. The generation changes before and
/// after, so that none that stays is that of two folders.
bool RootFolder::reopen() const noexcept {
  const FileDescriptor fresh(::open(absolute_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fresh.valid()) return false;
  ++watch_->generation;
  const bool replaced = ::dup3(fresh.get(), fd(), O_CLOEXEC) >= 0;
  ++watch_->generation;
  return replaced;
}

/// Also after a clock was put back.
bool RootFolder::is_due(TimePoint now) const noexcept {
  constexpr std::int64_t kBetweenLooks = 1000;
  const std::int64_t elapsed_ms = now.time_since_epoch().count() - watch_->looked_at_ms.load(std::memory_order_relaxed);
  return elapsed_ms >= kBetweenLooks || elapsed_ms < 0;
}

bool RootFolder::follow(TimePoint now) const noexcept {
  if (stays_) return false;
  struct stat open_folder {};
  if (::fstat(fd(), &open_folder) != 0) return false;
  std::int64_t last = watch_->looked_at_ms.load();
  const bool removed = open_folder.st_nlink == 0;
  if (!removed &&
      (!is_due(now) || !watch_->looked_at_ms.compare_exchange_strong(last, now.time_since_epoch().count()))) {
    return false;
  }
  struct stat at_path {};
  // Where nothing has the path somebody may be about to put a folder there; making one would be in the way.
  if (::stat(absolute_.c_str(), &at_path) != 0 || !S_ISDIR(at_path.st_mode)) return false;
  if (at_path.st_dev == open_folder.st_dev && at_path.st_ino == open_folder.st_ino) return false;
  return reopen();
}

}  // namespace neve
