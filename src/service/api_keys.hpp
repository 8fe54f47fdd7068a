#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/base/clock.hpp>

namespace neve::service {

/// The API keys a service accepts, from a file that holds their SHA-256 only.
///
/// A line of the file is `NAME SHA256`, 64 hexadecimal digits; empty lines and those beginning with '#' do not count.
/// Keys are 32 random bytes, so a plain digest cannot be searched backwards. A changed file counts within a second; one
/// that has become unreadable or malformed changes nothing but the log. Thread-safe.
class ApiKeys {
 public:
  /// Throws `invalid_argument` for a line that is none, naming it, and `io` if the file cannot be read. A file that
  /// does not exist holds no key.
  ApiKeys(std::filesystem::path file, const Clock& clock);

  /// Whether there is any key, so that one must be presented.
  [[nodiscard]] bool any();

  /// The name of the key `presented`, compared in constant time; absent if it is none.
  [[nodiscard]] std::optional<std::string> owner_of(std::string_view presented);

  /// Makes a key, adds its digest to `file` under `name` and returns it: it can be had only now. Throws
  /// `invalid_argument` for a name that is taken or not of 1 to 64 letters, digits, '.', '_' and '-'.
  [[nodiscard]] static std::string add(const std::filesystem::path& file, const std::string& name);

 private:
  struct Entry {
    std::string name;
    std::string sha256;
  };
  using Entries = std::vector<Entry>;

  [[nodiscard]] static Entries read(const std::filesystem::path& file);
  [[nodiscard]] std::shared_ptr<const Entries> entries();

  const std::filesystem::path file_;
  const Clock& clock_;
  std::mutex mutex_;
  std::shared_ptr<const Entries> entries_;
  std::filesystem::file_time_type read_at_;
  TimePoint looked_at_;
};

}  // namespace neve::service
