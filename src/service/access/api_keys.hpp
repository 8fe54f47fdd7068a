#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
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
/// unreadable or malformed changes nothing, and is told. Thread-safe.
class ApiKeys {
 public:
  using Log = std::function<void(std::string_view level, const std::string& text)>;

  /// Throws what `KeyFile::read` throws. `log` is told when the file cannot be read any more and when it can again; may
  /// be empty.
  ApiKeys(const std::filesystem::path& file, const Clock& clock, Log log);

  /// Whether there is or was any key, so that one must be presented: who takes the last one away, or loses the file,
  /// locks everybody out and lets nobody in.
  [[nodiscard]] bool required();

  /// The name of the key `presented`, compared in constant time; absent if it is none.
  [[nodiscard]] std::optional<std::string> owner_of(std::string_view presented);

 private:
  using Keys = std::vector<KeyDigest>;
  [[nodiscard]] std::shared_ptr<const Keys> keys();
  void read_again();

  const KeyFile file_;
  const Clock& clock_;
  const Log log_;
  std::mutex mutex_;
  TimePoint looked_at_;
  TimePoint read_at_;
  std::optional<FileStamp> stamp_;
  std::shared_ptr<const Keys> keys_;
  std::string fault_;  ///< of the file, as it was told; empty: none
  std::atomic<bool> had_keys_{false};
};

}  // namespace neve::service
