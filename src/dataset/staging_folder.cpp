#include "dataset/staging_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/file_lock.hpp>
#include <neve/base/machine.hpp>

namespace neve::dataset {
namespace {

constexpr const char* kLockName = ".building";
constexpr const char* kFolderPattern = "build-XXXXXX";  // mkdtemp's: letters and digits

void sync_path(const std::filesystem::path& path, int flags) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags));
  if (!fd.valid() || ::fsync(fd.get()) != 0) throw io_error("cannot sync '" + path.string() + "'", errno);
}

/// Every file and folder of the tree, leaves first.
void sync_tree(const std::filesystem::path& folder) {
  for (const auto& item : std::filesystem::directory_iterator(folder)) {
    if (item.is_directory()) {
      sync_tree(item.path());
    } else {
      sync_path(item.path(), 0);
    }
  }
  sync_path(folder, O_DIRECTORY);
}

/// Whether the folder's name is one that is given here.
bool is_own_name(std::string_view name) {
  constexpr std::string_view kPattern = kFolderPattern;
  const std::size_t fixed = kPattern.find('X');
  return name.size() == kPattern.size() && name.starts_with(kPattern.substr(0, fixed)) &&
         std::ranges::all_of(name.substr(fixed), is_letter_or_digit);
}

/// Whether another machine, whose locks may not be seen here, may still be building: longer than a day nothing takes.
bool may_be_another_machines(int fd) {
  constexpr std::time_t kLongest = 24 * 3600;
  struct stat status {};
  return !sees_locks_of(fd) && (::fstat(fd, &status) != 0 || status.st_mtime > std::time(nullptr) - kLongest);
}

/// Removes the folder if the process that built it is gone.
void remove_if_abandoned(const std::filesystem::path& folder) {
  FileDescriptor lock;
  try {
    lock = open_regular_file(folder / kLockName, O_RDWR);
  } catch (const NotARegularFile&) {
    return;  // not made here
  }
  if (lock.valid() && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return;
  if (!lock.valid()) {
    if (errno != ENOENT) return;
    lock = FileDescriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  if (may_be_another_machines(lock.get())) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

/// renameat2 with a flag, which some file systems refuse.
int rename_with(const std::filesystem::path& from, const std::filesystem::path& to, unsigned flags) {
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags);
}

/// Renames the folder to `target` unless something is there; whether nothing was. Every file system can rename, if not
/// all can promise to replace nothing.
bool put_where_nothing_is(const std::filesystem::path& folder, const std::filesystem::path& target) {
  if (rename_with(folder, target, RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  const bool refused = errno == EINVAL || errno == ENOSYS;
  if (refused && std::filesystem::exists(target)) return false;
  if (refused && ::rename(folder.c_str(), target.c_str()) == 0) return true;
  throw io_error("cannot put '" + target.string() + "' in its place", errno);
}

}  // namespace

StagingFolder::StagingFolder(const std::filesystem::path& parent) {
  make_folders(parent);
  if (std::filesystem::is_symlink(parent)) {
    throw Error(ErrorCode::io, "'" + parent.string() +
                                   "' is a link, and what is built there would be somewhere else; " +
                                   "remove it, and a folder is made there");
  }
  // A folder without its lock is either abandoned or a moment old; making and locking are one step for others.
  const FileLock guard(parent / ".lock");
  for (const auto& item : std::filesystem::directory_iterator(parent)) {
    if (item.is_directory() && !item.is_symlink() && is_own_name(item.path().filename().string()))
      remove_if_abandoned(item.path());
  }
  std::string pattern = (parent / kFolderPattern).string();
  if (::mkdtemp(pattern.data()) == nullptr) throw io_error("cannot make a folder in '" + parent.string() + "'", errno);
  path_ = pattern;
  std::filesystem::permissions(path_, std::filesystem::perms(0755));
  lock_ = FileDescriptor(::open((path_ / kLockName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!lock_.valid() || ::flock(lock_.get(), LOCK_EX) != 0) throw io_error("cannot lock '" + pattern + "'", errno);
  note_machine(lock_.get());
}

StagingFolder::~StagingFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void StagingFolder::publish_as(const std::filesystem::path& target) {
  // The lock travels with the folder and goes when it has arrived: without it, another process that makes a folder here
  // would take this one for abandoned and remove it while it is synced.
  sync_tree(path_);
  make_folders(target.parent_path());
  if (!put_where_nothing_is(path_, target) && rename_with(path_, target, RENAME_EXCHANGE) != 0) {
    throw io_error("this file system cannot exchange folders, which replacing '" + target.string() + "' needs", errno);
  }
  std::error_code harmless;  // one that stays is locked by nobody
  std::filesystem::remove(target / kLockName, harmless);
  // The rename itself: file systems with a journal write both of its folders together.
  sync_path(target.parent_path(), O_DIRECTORY);
}

}  // namespace neve::dataset
