#pragma once

#include <cstdint>
#include <string>

#include <neve/codec/npz.hpp>

namespace neve {

/// Reads an NPZ file through an open descriptor, which the caller keeps open. Safe from several threads at once.
class FileSource final : public NpzSource {
 public:
  /// `name` is for messages and borrowed.
  FileSource(int fd, std::uint64_t size, const std::string& name) : fd_(fd), size_(size), name_(name) {}

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  void read(std::uint64_t offset, std::span<std::byte> out) const override;

 private:
  int fd_;
  std::uint64_t size_;
  const std::string& name_;
};

}  // namespace neve
