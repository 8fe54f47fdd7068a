#include "cache/disk/files/file_identity.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace neve {
namespace {

FileIdentity identity(const struct stat& status) { return {status.st_dev, status.st_ino}; }

// Network and user-space filesystems may refuse RENAME_NOREPLACE. A hard link never replaces either; where there are no
// links, looking first must do.
bool move_unless_taken(int old_fd, const char* name, int new_fd, const char* new_name) noexcept {
  if (::renameat2(old_fd, name, new_fd, new_name, RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  if (::linkat(old_fd, name, new_fd, new_name, 0) == 0) {
    ::unlinkat(old_fd, name, 0);
    return true;
  }
  if (errno == EEXIST || FileIdentity::at(new_fd, new_name).exists()) return false;
  return ::renameat(old_fd, name, new_fd, new_name) == 0;
}

}  // namespace

FileIdentity FileIdentity::of(int fd) noexcept {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? identity(status) : FileIdentity{};
}

FileIdentity FileIdentity::of_name(int root_fd, const char* name) noexcept {
  struct stat status {};
  return ::fstatat(root_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? identity(status) : FileIdentity{};
}

FileIdentity FileIdentity::at(int root_fd, const char* name) noexcept {
  struct stat status {};
  return ::fstatat(root_fd, name, &status, 0) == 0 ? identity(status) : FileIdentity{};
}

// Another process may store an entry between our looking and our renaming; then the wrong file was moved and goes back,
// unless yet another one has been stored meanwhile, which makes it obsolete.
bool move_exactly(int root_fd, const char* name, const FileIdentity& expected, int new_fd,
                  const char* new_name) noexcept {
  // What is moved may be a symbolic link to the expected file, and may lead nowhere from its new place.
  const FileIdentity own = FileIdentity::of_name(root_fd, name);
  if (FileIdentity::at(root_fd, name) != expected) return false;
  if (::renameat(root_fd, name, new_fd, new_name) != 0) return false;
  if (FileIdentity::of_name(new_fd, new_name) == own) return true;
  move_back(new_fd, new_name, root_fd, name);
  return false;
}

bool move_exactly(int root_fd, const char* name, const FileIdentity& expected, const char* new_name) noexcept {
  return move_exactly(root_fd, name, expected, root_fd, new_name);
}

bool move_unless_taken(int root_fd, const char* name, const char* new_name) noexcept {
  return move_unless_taken(root_fd, name, root_fd, new_name);
}

void move_back(int moved_fd, const char* moved, int root_fd, const char* name) noexcept {
  if (!move_unless_taken(moved_fd, moved, root_fd, name)) ::unlinkat(moved_fd, moved, 0);
}

void move_back(int root_fd, const char* moved, const char* name) noexcept { move_back(root_fd, moved, root_fd, name); }

}  // namespace neve
