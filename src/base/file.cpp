#include <neve/base/file.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <neve/base/buffer.hpp>
#include <neve/base/close_written.hpp>

namespace neve {
namespace {

/// Unlinks a path unless told that the file has found its place.
class TemporaryName {
 public:
  explicit TemporaryName(std::string path) : path_(std::move(path)) {}
  ~TemporaryName() {
    if (!kept_) ::unlink(path_.c_str());
  }
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  void keep() { kept_ = true; }

 private:
  std::string path_;
  bool kept_ = false;
};

void sync_folder(const std::filesystem::path& folder) {
  const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0) throw io_error("cannot sync the folder '" + folder.string() + "'", errno);
}

/// In an error's words, whatever is no regular file.
std::string_view kind_of(mode_t mode) noexcept {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

}  // namespace

void FileDescriptor::close() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

bool read_exactly_at(int fd, std::uint64_t offset, std::span<std::byte> out, const std::string& name) {
  while (!out.empty()) {
    const ssize_t count = ::pread(fd, out.data(), out.size(), static_cast<off_t>(offset));
    if (count == 0) return false;
    if (count < 0) {
      if (errno == EINTR) continue;
      throw io_error("cannot read '" + name + "'", errno);
    }
    out = out.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return true;
}

void read_in_blocks(int fd, const std::string& what, const std::function<void(ByteSpan)>& take) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  const auto block = std::make_unique_for_overwrite<std::byte[]>(kBlock);  // of a small file most stays untouched
  for (;;) {
    const ssize_t count = ::read(fd, block.get(), kBlock);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw io_error("cannot read " + what, errno);
    if (count == 0) return;
    take(ByteSpan(block.get(), static_cast<std::size_t>(count)));
  }
}

void write_all_at(int fd, std::uint64_t offset, ByteSpan bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0) {
      if (errno == EINTR) continue;
      throw io_error("cannot write '" + name + "'", errno);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

void write_all(int fd, ByteSpan bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      throw io_error("cannot write '" + name + "'", errno);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

FileDescriptor open_regular_file(const std::filesystem::path& path, int flags) {
  FileDescriptor fd(::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0666));
  const int error = errno;
  struct stat status {};
  if (!fd.valid()) {
    // A folder cannot be opened for writing, nor a socket at all.
    const bool something_else = error == EISDIR || error == ENXIO;
    if (something_else && ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
      throw NotARegularFile(path.string(), kind_of(status.st_mode));
    errno = error;
    return fd;
  }
  if (::fstat(fd.get(), &status) != 0) throw io_error("cannot examine '" + path.string() + "'", errno);
  if (!S_ISREG(status.st_mode)) throw NotARegularFile(path.string(), kind_of(status.st_mode));
  return fd;
}

std::optional<Bytes> read_file(const std::filesystem::path& path, std::uint64_t limit) {
  const std::string name = path.string();
  const FileDescriptor fd = open_regular_file(path, O_RDONLY);
  if (!fd.valid()) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw io_error("cannot open '" + name + "'", errno);
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw io_error("cannot examine '" + name + "'", errno);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > limit) {
    throw Error(ErrorCode::too_large, "'" + name + "' has " + std::to_string(size) + " bytes; at most " +
                                          std::to_string(limit) + " are read");
  }
  Buffer buffer(size);
  if (!read_exactly_at(fd.get(), 0, buffer.span(), name)) {
    throw Error(ErrorCode::io, "'" + name + "' became shorter while it was read");
  }
  return std::move(buffer).freeze();
}

void replace_file(const std::filesystem::path& path, ByteSpan bytes, Durability durability) {
  const Bytes whole = Bytes::borrowed(bytes);
  replace_file(path, std::span(&whole, 1), durability);
}

void replace_file(const std::filesystem::path& path, std::span<const Bytes> pieces, Durability durability) {
  const auto all = [pieces](const std::function<void(ByteSpan)>& write) {
    for (const Bytes& piece : pieces) write(piece.span());
  };
  replace_file(path, all, durability);
}

void replace_file(const std::filesystem::path& path,
                  const std::function<void(const std::function<void(ByteSpan)>& write)>& make, Durability durability) {
  static std::atomic<unsigned> serial{0};
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  TemporaryName temporary((folder / ("." + path.filename().string() + "." + std::to_string(::getpid()) + "." +
                                     std::to_string(serial.fetch_add(1)) + ".tmp"))
                              .string());
  FileDescriptor fd(::open(temporary.path().c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666));
  if (!fd.valid()) throw io_error("cannot create '" + temporary.path() + "'", errno);
  make([&](ByteSpan piece) { write_all(fd.get(), piece, temporary.path()); });
  if (durability != Durability::none && ::fdatasync(fd.get()) != 0) {
    throw io_error("cannot sync '" + temporary.path() + "'", errno);
  }
  close_written(fd, temporary.path());
  if (::rename(temporary.path().c_str(), path.c_str()) != 0) {
    throw io_error("cannot replace '" + path.string() + "'", errno);
  }
  temporary.keep();
  if (durability == Durability::full) sync_folder(folder);
}

void make_folders(const std::filesystem::path& path) {
  if (path.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return;
  const std::string what = "cannot make the folder '" + path.string() + "'";
  if (error != std::errc::not_a_directory && error != std::errc::file_exists) throw io_error(what, error.value());
  std::filesystem::path in_the_way;
  std::error_code ignored;
  for (const auto& part : path) {
    in_the_way /= part;
    if (!std::filesystem::is_directory(in_the_way, ignored)) break;
  }
  throw Error(ErrorCode::io, what + ": '" + in_the_way.string() + "' is no folder; name another path", error.value());
}

Bytes map_file(int fd, std::size_t size, const std::string& name) {
  if (size == 0) return {};
  void* base = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  if (base == MAP_FAILED) throw io_error("cannot map '" + name + "'", errno);
  std::shared_ptr<const void> owner(base, [size](const void* p) { ::munmap(const_cast<void*>(p), size); });
  return Bytes(ByteSpan(static_cast<const std::byte*>(base), size), std::move(owner));
}

}  // namespace neve
