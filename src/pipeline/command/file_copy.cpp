#include "pipeline/command/file_copy.hpp"

#include <cerrno>
#include <optional>
#include <system_error>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

namespace neve {
namespace {

namespace fs = std::filesystem;

/// False if the file system cannot; then there is no target.
bool share_blocks(const fs::path& source, const fs::path& target) {
  const FileDescriptor from = open_regular_file(source, O_RDONLY);
  struct stat status {};
  if (!from.valid() || ::fstat(from.get(), &status) != 0) return false;
  const FileDescriptor to(::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0777U));
  if (!to.valid()) return false;
  if (::ioctl(to.get(), FICLONE, from.get()) == 0) return true;
  std::error_code ignored;
  fs::remove(target, ignored);
  return false;
}

[[noreturn]] void fail_to_copy(const fs::path& target, const std::string& name, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  throw io_error("cannot copy the input file '" + name + "' to '" + target.string() + "'" +
                     (full ? " (set TMPDIR to a place with more room, or declare the file by its absolute path: then "
                             "the command reads it where it is)"
                           : ""),
                 error);
}

}  // namespace

void copy_input(const fs::path& source, const fs::path& target, const std::string& name) {
  if (share_blocks(source, target)) return;
  std::error_code error;
  fs::copy_file(source, target, error);
  if (!error) return;
  fail_to_copy(target, name, error.value());
}

KeptFile read_copy(const fs::path& copy) {
  struct stat status {};
  std::optional<Bytes> content = read_file(copy);
  if (!content || ::stat(copy.c_str(), &status) != 0) throw io_error("cannot read '" + copy.string() + "'", errno);
  return {*std::move(content), status.st_mode & 0777U};
}

void write_copy(const KeptFile& kept, const fs::path& target, const std::string& name) {
  const FileDescriptor to(::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!to.valid()) fail_to_copy(target, name, errno);
  for (ByteSpan left = kept.content.span(); !left.empty();) {
    const ssize_t count = ::write(to.get(), left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_to_copy(target, name, errno);
    left = left.subspan(static_cast<std::size_t>(count));
  }
  if (::fchmod(to.get(), kept.mode) != 0) fail_to_copy(target, name, errno);
}

}  // namespace neve
