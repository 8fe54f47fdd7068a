#include "cli/output_file.hpp"

#include <fcntl.h>

#include <cerrno>
#include <filesystem>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

namespace neve::cli {

void write_output_file(const std::string& name, ByteSpan bytes) {
  std::filesystem::path path(name);
  if (std::filesystem::is_symlink(path) && !std::filesystem::exists(path)) {  // a link to what is yet to be made
    path = path.parent_path() / std::filesystem::read_symlink(path);
  }
  path = std::filesystem::weakly_canonical(path);
  if (!std::filesystem::exists(path) || std::filesystem::is_regular_file(path)) {
    replace_file(path, bytes, Durability::none);
    return;
  }
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid()) throw io_error("cannot write '" + name + "'", errno);
  write_all(file.get(), bytes, name);
}

}  // namespace neve::cli
