#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace neve::service {

/// Whether the store is still the one that the service began with. Where a file system is unmounted, or a folder moved
/// away, an empty folder looks like a store without datasets, and would take uploads that nobody finds again. Known by
/// the store's secret, which only this store has. Thread-safe.
class StoreWatch {
 public:
  /// Takes the store in `root` as it is now. `log` is told, with a level, when it goes and when it is back; may be
  /// empty.
  StoreWatch(std::filesystem::path root, std::function<void(std::string_view level, const std::string& text)> log);

  /// One small read.
  [[nodiscard]] bool is_there();

  /// Throws ProblemError `unavailable` unless it is.
  void require();

 private:
  std::filesystem::path root_;
  std::function<void(std::string_view, const std::string&)> log_;
  std::optional<std::string> secret_;  ///< none: it could not be written, or read
  bool began_with_folder_;
  std::atomic<bool> away_ = false;
};

}  // namespace neve::service
