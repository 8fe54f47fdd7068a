#include "cache/disk/cleaning/quarantine.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "cache/disk/entry/entry_names.hpp"
#include "cache/disk/files/directory_reader.hpp"
#include "cache/disk/files/open_without_links.hpp"

namespace neve {
namespace {

constexpr std::size_t kMostFiles = 64;
constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;

struct KeptFile {
  std::string name;
  std::uint64_t bytes;
  std::int64_t arrived;
};

/// Of what a quarantine takes, and nothing else that may lie there.
std::vector<KeptFile> list_kept(DirectoryReader& folder) {
  std::vector<KeptFile> files;
  while (const auto name = folder.next()) {
    if (!EntryFileName::parse(*name)) continue;
    std::string kept(*name);
    struct stat status {};
    if (::fstatat(folder.fd(), kept.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) continue;
    files.push_back({std::move(kept), static_cast<std::uint64_t>(status.st_size),
                     status.st_ctim.tv_sec * 1'000'000'000 + status.st_ctim.tv_nsec});
  }
  return files;
}

void make_room(DirectoryReader& folder) {
  std::vector<KeptFile> files = list_kept(folder);
  std::sort(files.begin(), files.end(), [](const KeptFile& a, const KeptFile& b) { return a.arrived < b.arrived; });
  std::uint64_t bytes = 0;
  for (const KeptFile& file : files) bytes += file.bytes;
  std::size_t left = files.size();
  for (const KeptFile& file : files) {
    if (left < kMostFiles && bytes <= kMostBytes) return;
    ::unlinkat(folder.fd(), file.name.c_str(), 0);
    bytes -= file.bytes;
    --left;
  }
}

/// Makes the folder unless it is there; nothing is made behind a link in the place of `.neve`.
void ensure_quarantine(int root_fd) {
  const FileDescriptor parent = open_without_links(root_fd, kPrivateFolder, O_RDONLY | O_DIRECTORY);
  if (parent.valid()) ::mkdirat(parent.get(), std::strrchr(kQuarantineFolder, '/') + 1, 0777);
}

}  // namespace

void Quarantine::take(const char* name, const FileIdentity& expected) const {
  struct stat status {};
  if (::fstatat(root_->fd(), name, &status, 0) != 0 || !S_ISREG(status.st_mode)) return;
  ensure_quarantine(root_->fd());
  DirectoryReader folder(root_->fd(), kQuarantineFolder);
  if (folder.fd() < 0) return;
  make_room(folder);
  move_exactly(root_->fd(), name, expected, folder.fd(), name);
}

Quarantine::Contents Quarantine::contents() const {
  DirectoryReader folder(root_->fd(), kQuarantineFolder);
  Contents contents;
  for (const KeptFile& file : list_kept(folder)) {
    ++contents.files;
    contents.bytes += file.bytes;
  }
  return contents;
}

std::size_t Quarantine::clear() const {
  DirectoryReader folder(root_->fd(), kQuarantineFolder);
  std::size_t removed = 0;
  for (const KeptFile& file : list_kept(folder)) {
    removed += ::unlinkat(folder.fd(), file.name.c_str(), 0) == 0 ? 1 : 0;
  }
  return removed;
}

}  // namespace neve
