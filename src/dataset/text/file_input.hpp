#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include <neve/base/file.hpp>

#include "dataset/csv/record_reader.hpp"

namespace neve::dataset {

/// A file read from the front. Used by one thread.
class FileInput final : public TextInput {
 public:
  /// A regular file, read from `skip` bytes behind its beginning. Throws `io`.
  explicit FileInput(const std::filesystem::path& path, std::uint64_t skip = 0);
  /// Whatever can be read to an end, a pipe among it, opened by `open_source`. Throws `io`.
  FileInput(FileDescriptor source, std::string name);

  std::size_t read(std::span<char> out) override;

  /// Whether `read` has something to say, which is waited for so long: of a pipe bytes, or that its other end has been
  /// closed after it was opened.
  [[nodiscard]] bool wait_until_readable(std::chrono::milliseconds most) const;

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }

 private:
  FileDescriptor file_;
  std::string name_;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
};

/// Opens what somebody names to be added: a file, or a pipe, of which `wait_until_readable` tells when its other end
/// has been opened. Throws `io`, and `invalid_argument` for a folder.
[[nodiscard]] FileDescriptor open_source(const std::filesystem::path& path);

/// A new file written from the front. Used by one thread.
class FileOutput {
 public:
  /// Throws `io` if it is there already or cannot be made.
  explicit FileOutput(const std::filesystem::path& path);

  void write(std::string_view bytes);
  void flush();
  [[nodiscard]] std::uint64_t written() const noexcept { return written_; }

 private:
  FileDescriptor file_;
  std::string name_;
  std::string pending_;
  std::uint64_t written_ = 0;
};

}  // namespace neve::dataset
