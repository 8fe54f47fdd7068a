#include "cache/disk/quarantine.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cache/disk/directory_reader.hpp"

namespace neve {
namespace {

constexpr std::size_t kMostFiles = 64;
constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;

struct KeptFile {
  std::string name;
  std::uint64_t bytes;
  std::int64_t arrived;
};

std::vector<KeptFile> list_kept(int root_fd) {
  std::vector<KeptFile> files;
  DirectoryReader reader(root_fd, kQuarantineFolder);
  while (const auto name = reader.next()) {
    std::string path = std::string(kQuarantineFolder) + "/" + std::string(*name);
    struct stat status {};
    if (::fstatat(root_fd, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) continue;
    files.push_back({std::move(path), static_cast<std::uint64_t>(status.st_size),
                     status.st_ctim.tv_sec * 1'000'000'000 + status.st_ctim.tv_nsec});
  }
  return files;
}

}  // namespace

void Quarantine::take(const char* name, const FileIdentity& expected) const {
  struct stat status {};
  if (::fstatat(root_->fd(), name, &status, 0) != 0 || !S_ISREG(status.st_mode)) return;
  ::mkdirat(root_->fd(), kQuarantineFolder, 0777);
  make_room();
  move_exactly(root_->fd(), name, expected, (std::string(kQuarantineFolder) + "/" + name).c_str());
}

Quarantine::Contents Quarantine::contents() const {
  Contents contents;
  for (const KeptFile& file : list_kept(root_->fd())) {
    ++contents.files;
    contents.bytes += file.bytes;
  }
  return contents;
}

void Quarantine::clear() const {
  for (const KeptFile& file : list_kept(root_->fd())) ::unlinkat(root_->fd(), file.name.c_str(), 0);
}

void Quarantine::make_room() const {
  std::vector<KeptFile> files = list_kept(root_->fd());
  std::sort(files.begin(), files.end(), [](const KeptFile& a, const KeptFile& b) { return a.arrived < b.arrived; });
  std::uint64_t bytes = 0;
  for (const KeptFile& file : files) bytes += file.bytes;
  std::size_t left = files.size();
  for (const KeptFile& file : files) {
    if (left < kMostFiles && bytes <= kMostBytes) return;
    ::unlinkat(root_->fd(), file.name.c_str(), 0);
    bytes -= file.bytes;
    --left;
  }
}

}  // namespace neve
