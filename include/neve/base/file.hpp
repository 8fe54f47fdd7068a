#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <neve/base/bytes.hpp>
#include <neve/base/error.hpp>

namespace neve {

/// Owns one open file descriptor. Movable; as thread-safe as the descriptor it holds.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
  ~FileDescriptor() { close(); }
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }
  /// Gives the descriptor up without closing it.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
  void close() noexcept;

 private:
  int fd_ = -1;
};

/// What stands where a regular file was expected: an `io` error of which the caller may make its own.
class NotARegularFile : public Error {
 public:
  NotARegularFile(const std::string& name, std::string_view kind)
      : Error(ErrorCode::io, "'" + name + "' is " + std::string(kind) + ", not a regular file"), kind_(kind) {}
  /// Such as "a pipe". Lives forever.
  [[nodiscard]] std::string_view kind() const noexcept { return kind_; }

 private:
  std::string_view kind_;
};

/// Opens the regular file `path` with open(2)'s `flags`, O_CLOEXEC among them in any case. Returns at once, where a
/// pipe would have been waited for. Invalid, with `errno` set, if the file cannot be opened. Throws `NotARegularFile`
/// for anything else that has the name.
[[nodiscard]] FileDescriptor open_regular_file(const std::filesystem::path& path, int flags);

/// Fills `out` from `offset`; false if the file ends first. Throws `io`, naming `name`.
[[nodiscard]] bool read_exactly_at(int fd, std::uint64_t offset, std::span<std::byte> out, const std::string& name);

/// Hands what there is from the open file's position to its end to `take`, a mebibyte or less at a time. Throws `io`,
/// naming `what`, and what `take` throws.
void read_in_blocks(int fd, const std::string& what, const std::function<void(ByteSpan)>& take);

/// Writes all of `bytes` at `offset`. Throws `io`, naming `name`.
void write_all_at(int fd, std::uint64_t offset, ByteSpan bytes, const std::string& name);

/// Writes all of `bytes` at the descriptor's position. Throws `io`, naming `name`.
void write_all(int fd, ByteSpan bytes, const std::string& name);

/// The whole file in owned memory; `std::nullopt` if there is none. Throws `io`, and `too_large` beyond `limit` bytes.
[[nodiscard]] std::optional<Bytes> read_file(const std::filesystem::path& path, std::uint64_t limit = UINT64_MAX);

/// How hard a write insists on reaching the disk before it returns.
enum class Durability {
  none,  ///< the kernel writes it back in its own time; a crash of the machine may lose it
  data,  ///< the file's data are on the disk
  full,  ///< the data and the folder's entry for the file are on the disk
};

/// Replaces `path` by a file holding `bytes`, or leaves what was there: a temporary file in the same folder, then a
/// rename. Throws `io`; the temporary file is removed either way.
void replace_file(const std::filesystem::path& path, ByteSpan bytes, Durability durability);
/// The same for bytes in pieces, which are written one after the other and never brought together.
void replace_file(const std::filesystem::path& path, std::span<const Bytes> pieces, Durability durability);
/// The same for bytes that are made piece by piece: `make` hands them to the function it is given. What it throws comes
/// through, and `path` is then left alone, too.
void replace_file(const std::filesystem::path& path,
                  const std::function<void(const std::function<void(ByteSpan)>& write)>& make, Durability durability);

/// Creates the folder `path` and its parents where they are missing; does nothing for an empty path, which is the
/// parent of a bare name. Throws `io`, naming the folder and, if a file is in its place, that file.
void make_folders(const std::filesystem::path& path);

/// The whole of an open file mapped read-only; the mapping outlives the descriptor and the file's name. A process that
/// truncates the file in place turns later reads into SIGBUS, so map only files that are replaced, never rewritten.
/// Throws `io`, naming `name`.
[[nodiscard]] Bytes map_file(int fd, std::size_t size, const std::string& name);

}  // namespace neve
