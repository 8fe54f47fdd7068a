#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <neve/base/file.hpp>

namespace neve {

/// What a command prints: the last lines are kept, all of it goes to a file if one is given, and lines of the form
/// `neve-progress 0.25 some text` are told to whoever watches. Used by one thread.
class CommandLog {
 public:
  using OnProgress = std::function<void(double, std::string_view)>;

  /// What attempts after the first print follows in the file.
  CommandLog(const std::optional<std::filesystem::path>& file, int attempt, OnProgress on_progress);

  void add(std::string_view text);

  /// Why the log is missing or incomplete; empty if it is complete or was not asked for.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

  /// The last lines, indented, as the end of an error message; empty if the command printed nothing.
  [[nodiscard]] std::string tail() const;

 private:
  void open_file(const std::filesystem::path& file, int how);
  void write_to_file(std::string_view text);
  void end_line();

  FileDescriptor file_;
  std::string file_name_;
  std::string fault_;
  OnProgress on_progress_;
  std::string line_;
  std::string kept_;  ///< complete lines, the last few kilobytes of them
};

}  // namespace neve
