#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace neve {

/// What enters a key of a file that a stage reads: its content, not its path or time. A plain value.
struct InputFile {
  std::string sha256{};
  std::uint64_t bytes = 0;
  bool executable = false;  ///< by its owner: a command may run it, or fail to

  friend bool operator==(const InputFile&, const InputFile&) = default;
};

/// Hashes the file at `path`. Throws `invalid_argument` if there is no such file or it is a folder, and `io`. Cost:
/// SHA-256 over the file, in blocks; safe from any thread.
[[nodiscard]] InputFile hash_input_file(const std::filesystem::path& path);

}  // namespace neve
