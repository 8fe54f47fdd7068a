#include "cli/program/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

namespace neve::cli {
namespace {

namespace fs = std::filesystem;

bool is_replaced(const fs::path& path) { return !fs::exists(path) || fs::is_regular_file(path); }

/// Where the bytes go.
fs::path resolved(const std::string& name) {
  fs::path path(name);
  if (fs::is_symlink(path) && !fs::exists(path)) {  // a link to what is yet to be made
    path = path.parent_path() / fs::read_symlink(path);
  }
  if (!is_replaced(path)) return path;  // a pipe that is open, as /dev/stdout may be, has no other name
  return fs::weakly_canonical(fs::absolute(path));
}

}  // namespace

FileDescriptor open_for_writing(const std::string& name, int flags) {
  constexpr mode_t kOwnersAndGroups = 0640;
  FileDescriptor file(::open(name.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | flags, kOwnersAndGroups));
  if (!file.valid() && errno == ENXIO && fs::is_fifo(name)) {
    throw Error(ErrorCode::io, "nobody reads the pipe '" + name + "'; start its reader before, or name a file");
  }
  if (!file.valid()) throw io_error("cannot write '" + name + "'", errno);
  const int status = ::fcntl(file.get(), F_GETFL);
  (void)::fcntl(file.get(), F_SETFL, status & ~O_NONBLOCK);  // from here on a slow reader is waited for
  return file;
}

void prepare_output_file(const std::string& name) {
  if (fs::is_directory(name)) throw Error(ErrorCode::invalid_argument, "'" + name + "' is a folder; name a file");
  make_folders(fs::path(name).parent_path());
  const fs::path path = resolved(name);
  const bool replaced = is_replaced(path);
  if (::access((replaced ? path.parent_path() : path).c_str(), replaced ? W_OK | X_OK : W_OK) != 0) {
    throw io_error("cannot write '" + name + "'", errno);
  }
}

bool is_same_output(const std::string& a, const std::string& b) { return resolved(a) == resolved(b); }

void require_no_file(const std::string& name) {
  std::error_code unknown;
  if (fs::exists(name, unknown) && !fs::is_directory(name, unknown))
    throw Error(ErrorCode::invalid_argument, "'" + name + "' is a file; name a folder");
}

void write_output_file(const std::string& name, ByteSpan bytes) {
  write_output_file(name, [bytes](const std::function<void(std::string_view)>& write) { write(as_text(bytes)); });
}

void write_output_file(const std::string& name,
                       const std::function<void(const std::function<void(std::string_view)>& write)>& make) {
  const fs::path path = resolved(name);
  if (is_replaced(path)) {
    const auto as_bytes = [&make](const std::function<void(ByteSpan)>& write) {
      make([&write](std::string_view piece) { write(as_byte_span(piece)); });
    };
    replace_file(path, as_bytes, Durability::none);
    return;
  }
  const FileDescriptor file = open_for_writing(path.string(), 0);
  make([&](std::string_view piece) { write_all(file.get(), as_byte_span(piece), name); });
}

}  // namespace neve::cli
