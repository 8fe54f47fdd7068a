#include "blob_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <ctime>
#include <system_error>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

namespace neve::redis {
namespace {

constexpr std::string_view kTemporary = ".writing-";

std::string digest_of(std::span<const Bytes> pieces) {
  Sha256 sha256;
  for (const Bytes& piece : pieces) sha256.update(piece.span());
  return sha256.finish_hex();
}

/// A name no other writer has: process, host and count. Two hosts may share the folder, so the time goes in, too.
std::string temporary_name() {
  static std::atomic<std::uint64_t> count{0};
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return std::string(kTemporary) + std::to_string(::getpid()) + "-" + std::to_string(now) + "-" +
         std::to_string(++count);
}

/// Reading marks a blob as wanted, too, at most once an hour and as far as the folder allows.
void note_use(int file, const struct stat& facts) {
  constexpr std::time_t kHour = 3600;
  if (std::time(nullptr) - facts.st_mtim.tv_sec > kHour) (void)::futimens(file, nullptr);
}

/// Marks a blob as wanted, so that a sweep that has not seen its new pointer yet spares it; false if it is not there.
bool refresh(const std::filesystem::path& path, std::uint64_t size) {
  struct stat facts {};
  return ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0) == 0 && ::stat(path.c_str(), &facts) == 0 &&
         static_cast<std::uint64_t>(facts.st_size) == size;
}

void write_pieces(const std::filesystem::path& path, std::span<const Bytes> pieces) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.valid()) throw io_error("cannot create the blob '" + path.string() + "'", errno);
  for (const Bytes& piece : pieces) write_all(file.get(), piece.span(), path.string());
}

}  // namespace

BlobPointer BlobStore::write(std::span<const Bytes> pieces) {
  BlobPointer pointer{digest_of(pieces), 0};
  for (const Bytes& piece : pieces) pointer.size += piece.size();
  const std::filesystem::path path = folder_ / pointer.location();
  // A blob of the right size may hold something else, after a power cut for instance; then it is written anew.
  if (refresh(path, pointer.size) && read(pointer, Placement::mapped).bytes) return pointer;
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) throw io_error("cannot make the blob folder '" + path.parent_path().string() + "'", error.value());
  const std::filesystem::path temporary = path.parent_path() / temporary_name();
  try {
    write_pieces(temporary, pieces);
    if (::rename(temporary.c_str(), path.c_str()) != 0)
      throw io_error("cannot name the blob '" + path.string() + "'", errno);
  } catch (...) {
    (void)::unlink(temporary.c_str());
    throw;
  }
  return pointer;
}

BlobStore::Found BlobStore::read(const BlobPointer& pointer, Placement placement) const {
  const std::filesystem::path path = folder_ / pointer.location();
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    if (errno == ENOENT || errno == ENOTDIR) return {std::nullopt, "the blob '" + path.string() + "' is missing"};
    throw io_error("cannot open the blob '" + path.string() + "'", errno);
  }
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) throw io_error("cannot look at the blob '" + path.string() + "'", errno);
  if (static_cast<std::uint64_t>(facts.st_size) != pointer.size) {
    return {std::nullopt, "the blob '" + path.string() + "' has the wrong size"};
  }
  Bytes bytes;
  if (placement == Placement::mapped && pointer.size > 0) {
    bytes = map_file(file.get(), pointer.size, path.string());
  } else if (auto read = read_file(path, pointer.size)) {
    bytes = std::move(*read);
  }
  if (bytes.size() != pointer.size || sha256_hex(bytes.span()) != pointer.sha256) {
    return {std::nullopt, "the blob '" + path.string() + "' does not have the digest its pointer names"};
  }
  note_use(file.get(), facts);
  return {std::move(bytes), {}};
}

BlobSweep BlobStore::sweep(const std::set<std::string>& referenced, std::chrono::seconds grace, CollectMode mode) {
  BlobSweep result;
  const auto oldest = std::filesystem::file_time_type::clock::now() - grace;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(folder_, error), end; it != end; it.increment(error)) {
    if (error) throw io_error("cannot list the blob folder '" + folder_.string() + "'", error.value());
    std::error_code gone;  // somebody else may be sweeping
    if (!it->is_regular_file(gone)) continue;
    const auto written = it->last_write_time(gone);
    const auto size = it->file_size(gone);
    const std::string name = it->path().filename().string();
    const bool ours = name.starts_with(kTemporary) ||
                      (is_sha256_hex(name) && it->path().parent_path().filename() == name.substr(0, 2));
    if (!ours || gone || written > oldest || referenced.contains(name)) {
      result.kept += ours ? 1 : 0;
    } else if (mode == CollectMode::dry_run || std::filesystem::remove(it->path(), gone)) {
      ++result.removed;
      result.removed_bytes += size;
    }
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw io_error("cannot list the blob folder '" + folder_.string() + "'", error.value());
  }
  return result;
}

}  // namespace neve::redis
