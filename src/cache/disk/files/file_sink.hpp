#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <neve/codec/npz.hpp>

namespace neve {

/// Writes an NPZ file into an empty, open file: small pieces together in one call, large ones from where they lie,
/// large files into space that was allocated beforehand. Used by one thread.
class FileSink final : public NpzSink {
 public:
  /// `name` is for messages. Writing more than `limit` bytes throws `too_large`.
  FileSink(int fd, std::string name, std::uint64_t limit);

  void reserve(std::uint64_t bytes) override;
  void write(ByteSpan bytes) override;
  void write_at(std::uint64_t offset, ByteSpan bytes) override;

  /// Writes what is still in the buffer; the size of the file.
  std::uint64_t finish();

 private:
  static constexpr std::size_t kBufferBytes = 64 << 10;

  void flush();
  void check(std::uint64_t bytes) const;

  int fd_;
  std::string name_;
  std::uint64_t limit_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t used_ = 0;
  std::uint64_t flushed_ = 0;  ///< bytes of the file before the buffer
};

}  // namespace neve
