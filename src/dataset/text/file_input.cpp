#include "dataset/text/file_input.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include <neve/base/error.hpp>

namespace neve::dataset {
namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10;

}  // namespace

FileInput::FileInput(const std::filesystem::path& path, std::uint64_t skip)
    : FileInput(open_regular_file(path, O_RDONLY), path.string()) {
  position_ = skip;
  if (skip > 0 && ::lseek(file_.get(), static_cast<off_t>(skip), SEEK_SET) < 0) {
    throw io_error("cannot read '" + name_ + "'", errno);
  }
}

FileInput::FileInput(FileDescriptor source, std::string name) : file_(std::move(source)), name_(std::move(name)) {
  if (!file_.valid()) throw io_error("cannot open '" + name_ + "'", errno);
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) throw io_error("cannot examine '" + name_ + "'", errno);
  size_ = static_cast<std::uint64_t>(status.st_size);
  ::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
}

// A pipe is opened without its other end, which otherwise could be waited for by nobody who can be told to stop.
FileDescriptor open_source(const std::filesystem::path& path) {
  FileDescriptor source(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (source.valid()) (void)::fcntl(source.get(), F_SETFL, ::fcntl(source.get(), F_GETFL) & ~O_NONBLOCK);
  struct stat status {};
  if (source.valid() && ::fstat(source.get(), &status) == 0 && S_ISDIR(status.st_mode))
    throw Error(ErrorCode::invalid_argument, "'" + path.string() + "' is a folder, not a file");
  return source;
}

bool FileInput::wait_until_readable(std::chrono::milliseconds most) const {
  pollfd source{file_.get(), POLLIN, 0};
  const int ready = ::poll(&source, 1, static_cast<int>(most.count()));
  if (ready < 0 && errno != EINTR) throw io_error("cannot wait for '" + name_ + "'", errno);
  return ready > 0;
}

std::size_t FileInput::read(std::span<char> out) {
  while (true) {
    const ssize_t count = ::read(file_.get(), out.data(), out.size());
    if (count >= 0) {
      position_ += static_cast<std::uint64_t>(count);
      return static_cast<std::size_t>(count);
    }
    if (errno != EINTR) throw io_error("cannot read '" + name_ + "'", errno);
  }
}

FileOutput::FileOutput(const std::filesystem::path& path)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)), name_(path.string()) {
  if (!file_.valid()) throw io_error("cannot create '" + name_ + "'", errno);
}

void FileOutput::write(std::string_view bytes) {
  written_ += bytes.size();
  if (bytes.size() >= kBlock) {  // no need to copy it first
    flush();
    write_all(file_.get(), as_byte_span(bytes), name_);
    return;
  }
  pending_ += bytes;
  if (pending_.size() >= kBlock) flush();
}

void FileOutput::flush() {
  write_all(file_.get(), as_byte_span(pending_), name_);
  pending_.clear();
}

}  // namespace neve::dataset
