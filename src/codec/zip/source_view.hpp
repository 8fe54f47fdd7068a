#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <neve/base/bytes.hpp>
#include <neve/codec/npz.hpp>

namespace neve {

/// A source, or a file in memory, seen as one: short files are read at once and then lie in memory too. As thread-safe
/// as the source.
class SourceView {
 public:
  explicit SourceView(const NpzSource& source);
  explicit SourceView(Bytes file) : size_(file.size()), whole_(std::move(file)) {}

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// The whole file, if it lies in memory.
  [[nodiscard]] const std::optional<Bytes>& whole() const noexcept { return whole_; }

  /// `bytes` from `offset`, which the caller has checked to lie inside: a view of the memory, or read into `scratch`.
  [[nodiscard]] ByteSpan view(std::uint64_t offset, std::size_t bytes, std::vector<std::byte>& scratch) const;

  /// Fills `out` from `offset`, checked likewise.
  void read(std::uint64_t offset, std::span<std::byte> out) const;

 private:
  const NpzSource* source_ = nullptr;
  std::uint64_t size_ = 0;
  std::optional<Bytes> whole_;
};

}  // namespace neve
