#include "pipeline/command/file_copy.hpp"

#include <cerrno>
#include <system_error>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

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

}  // namespace

void copy_input(const fs::path& source, const fs::path& target, const std::string& name) {
  if (share_blocks(source, target)) return;
  std::error_code error;
  fs::copy_file(source, target, error);
  if (!error) return;
  const bool full = error == std::errc::no_space_on_device || error.value() == EDQUOT;
  throw io_error("cannot copy the input file '" + name + "' to '" + target.string() + "'" +
                     (full ? " (set TMPDIR to a place with more room, or declare the file by its absolute path: then "
                             "the command reads it where it is)"
                           : ""),
                 error.value());
}

}  // namespace neve
