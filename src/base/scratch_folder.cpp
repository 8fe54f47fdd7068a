#include <neve/base/scratch_folder.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <set>
#include <string>
#include <system_error>

#include <neve/base/error.hpp>
#include <neve/base/machine.hpp>

namespace neve {
namespace {

namespace fs = std::filesystem;

/// Lets the owner into all folders below; what is in a folder can be removed by whoever may write to it.
void open_up(const fs::path& folder) {
  std::error_code ignored;
  fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add, ignored);
  for (auto entry = fs::directory_iterator(folder, ignored); entry != fs::directory_iterator();
       entry.increment(ignored)) {
    if (entry->symlink_status(ignored).type() == fs::file_type::directory) open_up(entry->path());
  }
}

/// Says that a folder is one of these, and is locked by whoever uses it.
constexpr const char* kMark = ".neve-scratch";

void remove_all_but_the_mark(const fs::path& folder, std::error_code& error) {
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (entry->path().filename() != kMark) fs::remove_all(entry->path(), error);
  }
}

/// The mark goes last: by it the rest is found if the program is killed meanwhile.
void remove_tree(const fs::path& folder) {
  std::error_code error;
  remove_all_but_the_mark(folder, error);
  if (error) {
    open_up(folder);
    error.clear();
    remove_all_but_the_mark(folder, error);
  }
  if (error) return;  // what cannot be removed stays in the temporary folder, which its owner clears
  fs::remove(folder / kMark, error);
  fs::remove(folder, error);
}

constexpr std::time_t kLeastAge = 3600;
/// Of what another machine may have left, whose locks are not seen here: longer than any command takes.
constexpr std::time_t kLeastForeignAge = 30 * 24 * 3600;

bool is_old(const struct stat& status, std::time_t age = kLeastAge) {
  return status.st_uid == ::geteuid() && status.st_mtime < std::time(nullptr) - age;
}

/// Whether nobody uses the folder any more. One whose mark is not yet locked is younger.
bool is_abandoned(const fs::path& folder) {
  const FileDescriptor mark(::open((folder / kMark).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  return mark.valid() && ::fstat(mark.get(), &status) == 0 && S_ISREG(status.st_mode) &&
         is_old(status, sees_locks_of(mark.get()) ? kLeastAge : kLeastForeignAge) &&
         ::flock(mark.get(), LOCK_EX | LOCK_NB) == 0;
}

/// Of a program that was killed before it made its mark, or after it had removed it, an empty folder is left.
void remove_if_old_and_empty(const fs::path& folder) {
  struct stat status {};
  if (::lstat(folder.c_str(), &status) == 0 && is_old(status)) ::rmdir(folder.c_str());
}

/// In `parent`, of those whose name begins so.
void remove_abandoned(const fs::path& parent, const std::string& prefix) {
  std::error_code ignored;
  for (auto entry = fs::directory_iterator(parent, ignored); entry != fs::directory_iterator();
       entry.increment(ignored)) {
    const bool like_ours = entry->path().filename().string().starts_with(prefix);
    if (!like_ours || !fs::is_directory(entry->symlink_status(ignored))) continue;
    if (is_abandoned(entry->path())) {
      remove_tree(entry->path());
    } else {
      remove_if_old_and_empty(entry->path());
    }
  }
}

// When the program is loaded: a forked child must not find a guard that its parent's thread holds.
std::mutex places_mutex;
std::set<std::string> places;

/// Whether this process has not asked before; safe from any thread.
bool first_time(const std::string& place) {
  const std::lock_guard lock(places_mutex);
  return places.insert(place).second;
}

FileDescriptor mark(const fs::path& folder) {
  const fs::path path = folder / kMark;
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid()) {
    const int error = errno;
    std::error_code ignored;
    fs::remove(folder, ignored);
    throw io_error("cannot write " + path.string(), error);
  }
  note_machine(file.get());
  // Where the file system has no locks nobody else gets one either, and nothing is taken for abandoned.
  (void)::flock(file.get(), LOCK_EX | LOCK_NB);
  return file;
}

}  // namespace

ScratchFolder::ScratchFolder(const fs::path& parent, std::string_view purpose) {
  if (parent.empty()) throw Error(ErrorCode::invalid_argument, "no folder was named to make temporary folders in");
  const fs::path place = fs::absolute(parent);
  const std::string prefix = "neve-" + std::string(purpose) + "-";
  std::string pattern = (place / (prefix + "XXXXXX")).string();
  if (first_time(pattern)) remove_abandoned(place, prefix);
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw io_error("cannot make a temporary folder in '" + parent.string() + "' (set TMPDIR to another place)", errno);
  }
  path_ = pattern;
  in_use_ = mark(path_);
}

ScratchFolder::~ScratchFolder() { remove_tree(path_); }

}  // namespace neve
