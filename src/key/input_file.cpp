#include <neve/key/input_file.hpp>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

namespace neve {
namespace {

FileDescriptor open_input(const std::string& name) {
  FileDescriptor file;
  try {
    file = open_regular_file(name, O_RDONLY);
  } catch (const NotARegularFile& error) {
    const bool folder = error.kind() == "a folder";
    throw Error(
        ErrorCode::invalid_argument,
        "the input '" + name + "' is " + std::string(error.kind()) + ", not a regular file; " +
            (folder ? "name the files in it one by one" : "write what comes out of it to a file and name that"));
  }
  if (file.valid()) return file;
  if (errno == ENOENT || errno == ENOTDIR)
    throw Error(ErrorCode::invalid_argument, "there is no input file '" + name + "'");
  throw io_error("cannot open the input file '" + name + "'", errno);
}

mode_t mode_of(const FileDescriptor& file, const std::string& name) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw io_error("cannot examine the input file '" + name + "'", errno);
  return status.st_mode;
}

}  // namespace

InputFile hash_input_file(const std::filesystem::path& path, const OnBlock& on_block) {
  const std::string name = path.string();
  const FileDescriptor file = open_input(name);
  const mode_t mode = mode_of(file, name);
  // Read to the end rather than to the size seen before, so that digest and size belong together.
  Sha256 digest;
  InputFile input{.executable = (mode & S_IXUSR) != 0};
  read_in_blocks(file.get(), "the input file '" + name + "'", [&](ByteSpan block) {
    digest.update(block);
    input.bytes += block.size();
    if (on_block) on_block(block.size());
  });
  input.sha256 = digest.finish_hex();
  return input;
}

}  // namespace neve
