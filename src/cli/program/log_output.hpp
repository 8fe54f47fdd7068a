#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

#include <neve/base/file.hpp>

namespace neve::cli {

/// Where the lines of a log go. A reader of a pipe or socket that stops reading holds nobody up for longer than a tenth
/// of a second: then lines are dropped until it goes on, and a line tells how many. So it is on a disk that is full, at
/// once. Lines are never broken. Thread-safe.
class LogOutput {
 public:
  /// `where` is a file to append to, or '-' for standard error. Throws `io`.
  explicit LogOutput(const std::string& where);

  /// Appends a line, with its end, in one write where that is possible.
  void write(std::string_view line);

 private:
  enum class Kind { file, pipe, socket };

  [[nodiscard]] bool send_rest(int patience_ms);
  [[nodiscard]] std::size_t send(std::string_view text);

  FileDescriptor file_;
  Kind kind_ = Kind::file;
  std::mutex mutex_;
  std::string rest_;  ///< of a line whose beginning is written
  std::size_t dropped_ = 0;
};

}  // namespace neve::cli
