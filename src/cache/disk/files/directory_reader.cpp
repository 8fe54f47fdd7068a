#include "cache/disk/files/directory_reader.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cache/disk/files/open_without_links.hpp"

namespace neve {

DirectoryReader::DirectoryReader(int root_fd, const char* name)
    : fd_(open_without_links(root_fd, name, O_RDONLY | O_DIRECTORY)) {}

void DirectoryReader::seek(std::uint64_t position) noexcept {
  filled_ = used_ = 0;
  // A position that means nothing here, such as one from a damaged ledger, begins anew.
  if (::lseek(fd_.get(), static_cast<off_t>(position), SEEK_SET) < 0) position = 0;
  position_ = position;
}

std::optional<std::string_view> DirectoryReader::next() {
  for (;;) {
    if (used_ == filled_ && !fill()) return std::nullopt;
    const auto* entry = reinterpret_cast<const dirent64*>(buffer_.data() + used_);
    used_ += entry->d_reclen;
    position_ = static_cast<std::uint64_t>(entry->d_off);
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") return name;
  }
}

bool DirectoryReader::fill() {
  if (!fd_.valid()) return false;
  const long count = ::syscall(SYS_getdents64, fd_.get(), buffer_.data(), buffer_.size());
  used_ = 0;
  filled_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  return filled_ != 0;
}

}  // namespace neve
