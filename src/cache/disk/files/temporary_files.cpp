#include "cache/disk/files/temporary_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <map>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/machine.hpp>

#include "cache/disk/files/directory_reader.hpp"
#include "cache/disk/files/open_without_links.hpp"

namespace neve {
namespace {

constexpr std::size_t kSessionDigits = 16;
constexpr const char* kLockSuffix = ".lock";

std::string in_temporary_folder(std::string_view name) {
  return std::string(kTemporaryFolder) + "/" + std::string(name);
}

std::string random_session_name() {
  std::random_device device;
  const std::array<std::uint32_t, 2> words{device(), device()};
  return in_temporary_folder(to_hex(std::as_bytes(std::span(words))));
}

bool locking_is_impossible(int error) { return error != EWOULDBLOCK && error != EINTR; }

/// The session in the name of a temporary file of ours; nothing for any other name.
std::optional<std::string_view> session_of(std::string_view name) {
  const std::string_view session = name.substr(0, kSessionDigits);
  if (session.size() != kSessionDigits || !only_hex_digits(session)) return std::nullopt;
  std::string_view rest = name.substr(kSessionDigits);
  if (rest == kLockSuffix) return session;
  if (!rest.starts_with('-')) return std::nullopt;
  rest.remove_prefix(1);
  const std::size_t point = rest.find('.');
  const bool numbered = point != std::string_view::npos && point != 0 && only_digits(rest.substr(0, point));
  if (!numbered || std::ranges::find(kTemporarySuffixes, rest.substr(point)) == kTemporarySuffixes.end())
    return std::nullopt;
  return session;
}

/// Tells whether some process still holds the lock of a session, or might: where files cannot be locked, and on another
/// machine, whose locks may not be seen here, one that has shown life within a day. The locks of
/// the dead are held as long as this lives: a session that is just beginning under the same name sees that and takes
/// another.
class SessionCheck {
 public:
  explicit SessionCheck(int folder_fd) : folder_fd_(folder_fd) {}

  [[nodiscard]] bool alive(std::string_view session) {
    const auto [position, fresh] = known_.try_emplace(std::string(session), false);
    if (fresh) position->second = look(position->first + kLockSuffix);
    return position->second;
  }

 private:
  bool look(const std::string& lock_name) {
    FileDescriptor fd = open_without_links(folder_fd_, lock_name.c_str(), O_RDONLY);
    if (!fd.valid()) return errno != ENOENT;
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return true;  // whoever made that is not neve
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      return !locking_is_impossible(errno) || younger_than_a_day(status);
    }
    if (!sees_locks_of(fd.get()) && younger_than_a_day(status)) return true;
    dead_.push_back(std::move(fd));
    return false;
  }

  static bool younger_than_a_day(const struct stat& status) { return std::time(nullptr) - status.st_mtime < 24 * 3600; }

  int folder_fd_;
  std::map<std::string, bool> known_;
  std::vector<FileDescriptor> dead_;
};

/// Names of the files of ours in the folder that belong to no living session.
std::vector<std::string> find_stale(DirectoryReader& folder, SessionCheck& sessions, std::size_t limit) {
  std::vector<std::string> stale;
  for (std::size_t seen = 0; seen < limit; ++seen) {
    const std::optional<std::string_view> name = folder.next();
    if (!name) break;
    const std::optional<std::string_view> session = session_of(*name);
    if (session && !sessions.alive(*session)) stale.emplace_back(*name);
  }
  return stale;
}

}  // namespace

TemporaryFile::~TemporaryFile() {
  if (!kept_) ::unlinkat(root_->fd(), name_.c_str(), 0);
}

void TemporaryFile::sync() const {
  if (::fdatasync(fd()) != 0) throw io_error("cannot sync '" + full_name() + "'", errno);
}

TemporaryFiles::~TemporaryFiles() {
  if (!session_.empty() && owner_ == ::getpid()) ::unlinkat(root_->fd(), (session_ + kLockSuffix).c_str(), 0);
}

TemporaryFile TemporaryFiles::create(const char* suffix) {
  for (int attempt = 0;; ++attempt) {
    const std::string session_now = session();
    std::string name = session_now + "-" + std::to_string(serial_.fetch_add(1, std::memory_order_relaxed)) + suffix;
    FileDescriptor fd = open_without_links(root_->fd(), name.c_str(), O_CREAT | O_EXCL | O_RDWR, 0666);
    if (fd.valid()) return TemporaryFile(*root_, std::move(name), std::move(fd));
    const int error = errno;
    if (error == EEXIST) continue;
    if (error != ENOENT || attempt != 0)
      throw io_error("cannot create a file in '" + root_->full(kTemporaryFolder) + "'", error);
    begin_anew(session_now);
  }
}

std::string TemporaryFiles::unused_name(const char* suffix) {
  return session() + "-" + std::to_string(serial_.fetch_add(1, std::memory_order_relaxed)) + suffix;
}

std::string TemporaryFiles::session() {
  const std::lock_guard lock(mutex_);
  const bool ours = !session_.empty() && owner_ == ::getpid() && generation_ == root_->generation();
  if (!ours || !show_life()) begin_session();
  return session_;
}

/// For those who cannot tell by the lock, and go by its age. Once an hour. False if they took the session for a dead
/// one's, as of a run that stored nothing for more than a day, and removed its lock: whatever is called after it is the
/// next to be removed.
bool TemporaryFiles::show_life() const {
  struct stat status {};
  if (::fstat(lock_.get(), &status) != 0 || status.st_nlink == 0) return false;
  if (std::time(nullptr) - status.st_mtime > 3600) (void)::futimens(lock_.get(), nullptr);
  return true;
}

/// Somebody removed `.neve` while the cache was open: makes the folders and a session anew, unless another thread just
/// did.
void TemporaryFiles::begin_anew(const std::string& lost) {
  const std::lock_guard lock(mutex_);
  if (session_ != lost) return;
  root_->restore_private_folders();
  begin_session();
}

void TemporaryFiles::begin_session() {
  for (int attempt = 0;; ++attempt) {
    const std::uint32_t generation = root_->generation();
    std::string name = random_session_name();
    const std::string lock_name = name + kLockSuffix;
    FileDescriptor fd = open_without_links(root_->fd(), lock_name.c_str(), O_CREAT | O_EXCL | O_RDWR, 0666);
    if (!fd.valid()) {
      const int error = errno;
      if (error != ENOENT || attempt != 0)
        throw io_error("cannot create a file in '" + root_->full(kTemporaryFolder) + "'", error);
      root_->restore_private_folders();
      continue;
    }
    // Between the two calls a cleaner may have taken the unlocked file for a dead session's and removed it.
    const bool locked = ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 || locking_is_impossible(errno);
    struct stat status {};
    if (!locked || ::fstat(fd.get(), &status) != 0 || status.st_nlink == 0) continue;
    note_machine(fd.get());
    session_ = std::move(name);
    lock_ = std::move(fd);
    owner_ = ::getpid();
    generation_ = generation;
    return;
  }
}

std::size_t remove_stale_temporaries(const RootFolder& root, std::size_t limit) {
  DirectoryReader folder(root.fd(), kTemporaryFolder);
  SessionCheck sessions(folder.fd());
  std::size_t removed = 0;
  for (const std::string& name : find_stale(folder, sessions, limit)) {
    const bool gone = ::unlinkat(folder.fd(), name.c_str(), 0) == 0;
    removed += gone && !name.ends_with(kLockSuffix) ? 1 : 0;
  }
  return removed;
}

std::size_t count_stale_temporaries(const RootFolder& root, std::size_t limit) {
  DirectoryReader folder(root.fd(), kTemporaryFolder);
  SessionCheck sessions(folder.fd());
  const std::vector<std::string> stale = find_stale(folder, sessions, limit);
  return static_cast<std::size_t>(
      std::ranges::count_if(stale, [](const std::string& name) { return !name.ends_with(kLockSuffix); }));
}

}  // namespace neve
