#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace neve::service {

/// An API key as a service knows it: by name and digest. A plain value.
struct KeyDigest {
  std::string name;
  std::string sha256;  ///< of the key, 64 hexadecimal digits
};

/// The file that holds a service's API keys, as their SHA-256 only.
///
/// A line is `NAME SHA256`; empty lines and those beginning with '#' do not count. Keys are 32 random bytes, so a plain
/// digest cannot be searched backwards. To withdraw a key, remove its line. Safe from any thread and process: additions
/// wait for one another at a lock, `PATH.lock`.
class KeyFile {
 public:
  explicit KeyFile(std::filesystem::path path) : path_(std::move(path)) {}

  /// All of them; none if there is no file. Throws `invalid_argument` for a line that is none, naming it, and `io`.
  [[nodiscard]] std::vector<KeyDigest> read() const;
  [[nodiscard]] bool holds_any() const { return !read().empty(); }

  /// Makes a key, adds its digest under `name` and returns it: it can be had only now. Throws `invalid_argument` for a
  /// name that is taken or not of 1 to 64 letters, digits, '.', '_' and '-', and what reading throws.
  [[nodiscard]] std::string add(const std::string& name) const;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace neve::service
