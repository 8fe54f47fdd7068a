#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace neve {

/// What enters a key of a file that a stage reads: its content, not its path or time. A plain value.
struct InputFile {
  std::string sha256{};
  std::uint64_t bytes = 0;
  bool executable = false;  ///< by its owner: a command may run it, or fail to

  friend bool operator==(const InputFile&, const InputFile&) = default;
};

/// Called for each block of a file that was read, with its size in bytes; what it throws ends the reading.
using OnBlock = std::function<void(std::size_t bytes)>;

/// Hashes the file at `path`. Throws `invalid_argument` if there is no such file or it is a folder, `io`, and what
/// `on_block` throws. Cost: SHA-256 over the file, in blocks of a mebibyte; safe from any thread.
[[nodiscard]] InputFile hash_input_file(const std::filesystem::path& path, const OnBlock& on_block = {});

/// Who waits while files are read, which may take minutes. A plain value.
struct ReadingWatch {
  std::stop_token stop{};  ///< ends the reading
  /// Called for each block with how many bytes were read, and how many there are in all as far as the files' sizes
  /// tell.
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress{};
};

}  // namespace neve
