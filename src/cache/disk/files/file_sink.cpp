#include "cache/disk/files/file_sink.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

namespace neve {
namespace {

/// Pieces of at least this size go to the file directly.
constexpr std::size_t kDirect = 32 << 10;
/// Files from this size on are allocated in one piece first, which makes writing them a third faster.
constexpr std::uint64_t kAllocate = 1 << 20;

}  // namespace

FileSink::FileSink(int fd, std::string name, std::uint64_t limit)
    : fd_(fd), name_(std::move(name)), limit_(limit), buffer_(new std::byte[kBufferBytes]) {}

void FileSink::reserve(std::uint64_t bytes) {
  check(bytes);
  if (bytes < kAllocate) return;
  // Where the filesystem cannot allocate, writing will; a disk without room says so here, before any work.
  if (::fallocate(fd_, 0, 0, static_cast<off_t>(bytes)) != 0 && (errno == ENOSPC || errno == EDQUOT)) {
    throw io_error("cannot allocate " + std::to_string(bytes) + " bytes for '" + name_ + "'", errno);
  }
}

void FileSink::write(ByteSpan bytes) {
  check(flushed_ + used_ + bytes.size());
  if (bytes.size() > kBufferBytes - used_ || bytes.size() >= kDirect) flush();
  if (bytes.size() >= kDirect) {
    write_all_at(fd_, flushed_, bytes, name_);
    flushed_ += bytes.size();
  } else if (!bytes.empty()) {
    std::memcpy(buffer_.get() + used_, bytes.data(), bytes.size());
    used_ += bytes.size();
  }
}

void FileSink::write_at(std::uint64_t offset, ByteSpan bytes) {
  if (offset >= flushed_ && offset - flushed_ <= used_ && bytes.size() <= used_ - (offset - flushed_)) {
    std::memcpy(buffer_.get() + (offset - flushed_), bytes.data(), bytes.size());
    return;
  }
  flush();
  write_all_at(fd_, offset, bytes, name_);
}

std::uint64_t FileSink::finish() {
  flush();
  return flushed_;
}

void FileSink::flush() {
  write_all_at(fd_, flushed_, {buffer_.get(), used_}, name_);
  flushed_ += used_;
  used_ = 0;
}

void FileSink::check(std::uint64_t bytes) const {
  if (bytes > limit_) {
    throw Error(ErrorCode::too_large,
                "the entry has more than the " + std::to_string(limit_) + " bytes there is room for");
  }
}

}  // namespace neve
