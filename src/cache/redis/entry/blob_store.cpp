#include "cache/redis/entry/blob_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <system_error>

#include <neve/base/ascii.hpp>
#include <neve/base/buffer.hpp>
#include <neve/base/close_written.hpp>
#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

#include "cache/backend/decoded_limit.hpp"

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

/// Whether the name is one that `temporary_name` gives: three numbers.
bool is_temporary(std::string_view name) {
  if (!name.starts_with(kTemporary)) return false;
  name.remove_prefix(kTemporary.size());
  for (int number = 1;; ++number) {
    const std::size_t end = std::min(name.find('-'), name.size());
    if (end == 0 || !only_digits(name.substr(0, end))) return false;
    if (end == name.size()) return number == 3;
    name.remove_prefix(end + 1);
  }
}

/// Whether a folder is one that blobs are spread over: their digests' first two digits.
bool is_part(std::string_view name) { return name.size() == 2 && only_hex_digits(name); }

/// Reading marks a blob as wanted, too, at most once an hour and as far as the folder allows.
void note_use(int file, const struct stat& facts) {
  constexpr std::time_t kHour = 3600;
  if (std::time(nullptr) - facts.st_mtim.tv_sec > kHour) (void)::futimens(file, nullptr);
}

/// Marks a blob as wanted, so that a sweep that has not seen its new pointer yet spares it; false if it is not there.
bool refresh(int folder, const char* name, std::uint64_t size) {
  struct stat facts {};
  return ::utimensat(folder, name, nullptr, AT_SYMLINK_NOFOLLOW) == 0 &&
         ::fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(facts.st_mode) &&
         static_cast<std::uint64_t>(facts.st_size) == size;
}

/// The same for every blob, so that a report of a folder that is full counts the results instead of listing them.
std::string cannot_write_into(const std::filesystem::path& folder) {
  return "cannot write into the blob folder '" + folder.string() + "'";
}

/// One of the folders that blobs are spread over, made if need be. A link in its place leads to somebody else's folder
/// and is not followed.
FileDescriptor open_part(const std::filesystem::path& path) {
  make_folders(path.parent_path());
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) throw io_error(cannot_write_into(path.parent_path()), errno);
  FileDescriptor part(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!part.valid()) {
    throw io_error("cannot write into the blob folder '" + path.string() + "', which must be a folder and no link",
                   errno);
  }
  return part;
}

void write_pieces(int part, const std::string& temporary, std::span<const Bytes> pieces,
                  const std::filesystem::path& folder) {
  FileDescriptor file(::openat(part, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.valid()) throw io_error(cannot_write_into(folder), errno);
  for (const Bytes& piece : pieces) write_all(file.get(), piece.span(), folder.string());
  close_written(file, folder.string());
}

}  // namespace

BlobPointer BlobStore::write(std::span<const Bytes> pieces) {
  BlobPointer pointer{digest_of(pieces), 0};
  for (const Bytes& piece : pieces) pointer.size += piece.size();
  const std::filesystem::path path = folder_ / pointer.location();
  const FileDescriptor part = open_part(path.parent_path());
  // A blob of the right size may hold something else, after a power cut for instance; then it is written anew.
  if (refresh(part.get(), pointer.sha256.c_str(), pointer.size) && read(pointer, Placement::mapped).bytes)
    return pointer;
  const std::string temporary = temporary_name();
  try {
    write_pieces(part.get(), temporary, pieces, folder_);
    if (::renameat(part.get(), temporary.c_str(), part.get(), pointer.sha256.c_str()) != 0)
      throw io_error(cannot_write_into(folder_), errno);
  } catch (...) {
    (void)::unlinkat(part.get(), temporary.c_str(), 0);
    throw;
  }
  return pointer;
}

BlobStore::Found BlobStore::read(const BlobPointer& pointer, Placement placement) const {
  const std::filesystem::path path = folder_ / pointer.location();
  const FileDescriptor file = open_regular_file(path, O_RDONLY);
  if (!file.valid()) {
    if (errno == ENOENT || errno == ENOTDIR) return {std::nullopt, "the blob '" + path.string() + "' is missing"};
    throw io_error("cannot open the blob '" + path.string() + "'", errno);
  }
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) throw io_error("cannot look at the blob '" + path.string() + "'", errno);
  if (static_cast<std::uint64_t>(facts.st_size) != pointer.size) {
    return {std::nullopt, "the blob '" + path.string() + "' has the wrong size"};
  }
  if (placement != Placement::mapped && pointer.size > half_of_memory()) {
    throw Error(ErrorCode::too_large, "the blob '" + path.string() + "' has " + std::to_string(pointer.size) +
                                          " bytes; at most half of the memory is read, more is mapped");
  }
  Bytes bytes;
  if (placement == Placement::mapped && pointer.size > 0) {
    bytes = map_file(file.get(), pointer.size, path.string());
  } else {
    Buffer buffer(pointer.size);
    if (read_exactly_at(file.get(), 0, buffer.span(), path.string())) bytes = std::move(buffer).freeze();
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
    if (it.depth() != 1 || it->symlink_status(gone).type() != std::filesystem::file_type::regular) continue;
    const auto written = it->last_write_time(gone);
    const auto size = it->file_size(gone);
    const std::string name = it->path().filename().string();
    const std::string part = it->path().parent_path().filename().string();
    const bool ours =
        is_sha256_hex(name) ? name.starts_with(part) && part.size() == 2 : is_temporary(name) && is_part(part);
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
