#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include <neve/base/bytes.hpp>

namespace neve {

/// Writable, uninitialised memory that becomes immutable `Bytes` once filled.
///
/// Aligned to at least 64 bytes. From 4 MiB on it is a 2 MiB-aligned mapping that asks for huge pages, because the
/// first touch of small pages costs several times the copy that fills them. Not thread-safe while being filled.
class Buffer {
 public:
  /// Throws `too_large` if `size` bytes cannot be had.
  explicit Buffer(std::size_t size);

  [[nodiscard]] std::byte* data() noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::span<std::byte> span() noexcept { return {data_, size_}; }

  /// Hands the memory over; this object is empty afterwards.
  [[nodiscard]] Bytes freeze() &&;

 private:
  std::shared_ptr<std::byte> owner_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace neve
