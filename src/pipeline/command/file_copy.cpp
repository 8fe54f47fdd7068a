#include "pipeline/command/file_copy.hpp"

#include <cerrno>
#include <optional>
#include <utility>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <neve/base/close_written.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

namespace neve {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_to_copy(const fs::path& target, const std::string& name, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  throw io_error("cannot copy the input file '" + name + "' to '" + target.string() + "'" +
                     (full ? " (set TMPDIR to a place with more room, or declare the file by its absolute path: then "
                             "the command reads it where it is)"
                           : ""),
                 error);
}

FileDescriptor create(const fs::path& target, const std::string& name) {
  FileDescriptor file(::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid()) fail_to_copy(target, name, errno);
  return file;
}

/// What goes wrong in `act` has gone wrong with the copy.
template <class Act>
void copying_to(const fs::path& target, const std::string& name, Act act) {
  try {
    act();
  } catch (const Error& error) {
    fail_to_copy(target, name, error.error_number());
  }
}

void write(const FileDescriptor& to, ByteSpan bytes, const fs::path& target, const std::string& name) {
  copying_to(target, name, [&] { write_all(to.get(), bytes, name); });
}

/// Gives the copy its mode and closes it.
void finish(FileDescriptor to, mode_t mode, const fs::path& target, const std::string& name) {
  if (::fchmod(to.get(), mode & 0777U) != 0) fail_to_copy(target, name, errno);
  copying_to(target, name, [&] { close_written(to, name); });
}

}  // namespace

void copy_input(const fs::path& source, const fs::path& target, const std::string& name, const OnBlock& on_block) {
  const FileDescriptor from = open_regular_file(source, O_RDONLY);
  struct stat status {};
  if (!from.valid() || ::fstat(from.get(), &status) != 0) fail_to_copy(target, name, errno);
  FileDescriptor to = create(target, name);
  if (::ioctl(to.get(), FICLONE, from.get()) != 0) {
    // Block by block, not by one call of the system's: a large file takes long, and whoever waits may give up.
    read_in_blocks(from.get(), "the input file '" + name + "'", [&](ByteSpan block) {
      write(to, block, target, name);
      if (on_block) on_block(block.size());
    });
  }
  finish(std::move(to), status.st_mode, target, name);
}

KeptFile read_copy(const fs::path& copy) {
  struct stat status {};
  std::optional<Bytes> content = read_file(copy);
  if (!content || ::stat(copy.c_str(), &status) != 0) throw io_error("cannot read '" + copy.string() + "'", errno);
  return {*std::move(content), status.st_mode & 0777U};
}

void write_copy(const KeptFile& kept, const fs::path& target, const std::string& name) {
  FileDescriptor to = create(target, name);
  write(to, kept.content.span(), target, name);
  finish(std::move(to), kept.mode, target, name);
}

}  // namespace neve
