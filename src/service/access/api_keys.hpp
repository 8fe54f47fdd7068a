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
#include <neve/base/file_stamp.hpp>
#include <neve/service/key_file.hpp>

namespace neve::service {

/// The API keys a service accepts, as they stand in a file. A changed file counts within a second; one that has become
/// unreadable or malformed changes nothing. Thread-safe.
class ApiKeys {
 public:
  /// Throws what `KeyFile::read` throws.
  ApiKeys(const std::filesystem::path& file, const Clock& clock);

  /// Whether there is or was any key, so that one must be presented: who takes the last one away, or loses the file,
  /// locks everybody out and lets nobody in.
  [[nodiscard]] bool required();

  /// The name of the key `presented`, compared in constant time; absent if it is none.
  [[nodiscard]] std::optional<std::string> owner_of(std::string_view presented);

 private:
  using Keys = std::vector<KeyDigest>;
  [[nodiscard]] std::shared_ptr<const Keys> keys();

  const KeyFile file_;
  const Clock& clock_;
  std::mutex mutex_;
  TimePoint looked_at_;
  TimePoint read_at_;
  std::optional<FileStamp> stamp_;
  std::shared_ptr<const Keys> keys_;
  std::atomic<bool> had_keys_{false};
};

}  // namespace neve::service
