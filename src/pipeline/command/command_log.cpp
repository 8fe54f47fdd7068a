#include "pipeline/command/command_log.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>

#include <neve/base/error.hpp>

namespace neve {
namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kKeptBytes = 16384;
constexpr std::size_t kShownLines = 20;
constexpr std::string_view kProgress = "neve-progress ";

}  // namespace

CommandLog::CommandLog(const std::optional<std::filesystem::path>& file, int attempt, OnProgress on_progress)
    : on_progress_(std::move(on_progress)) {
  if (!file) return;
  file_name_ = file->string();
  open_file(*file, attempt == 1 ? O_TRUNC : O_APPEND);
  if (attempt > 1) write_to_file("--- attempt " + std::to_string(attempt) + " ---\n");
}

/// A log that cannot be made is no reason not to run the command, as one that cannot be written is none, or a pipe that
/// nobody reads.
void CommandLog::open_file(const std::filesystem::path& file, int how) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  file_ = FileDescriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | how, 0666));
  if (!file_.valid()) fault_ = io_error("cannot write '" + file_name_ + "'", error ? error.value() : errno).what();
}

void CommandLog::add(std::string_view text) {
  write_to_file(text);
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      end_line();
    } else if (line_.size() < kLongestLine) {
      line_ += c;
    }
  }
}

/// A log that cannot be written is no reason to lose what the command computes.
void CommandLog::write_to_file(std::string_view text) {
  if (!file_.valid()) return;
  try {
    write_all(file_.get(), as_byte_span(text), file_name_);
  } catch (const Error& error) {
    fault_ = error.what();
    file_.close();
  }
}

void CommandLog::end_line() {
  if (std::string_view line = line_; line.starts_with(kProgress)) {
    line.remove_prefix(kProgress.size());
    double fraction = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), fraction);
    if (error == std::errc() && fraction >= 0 && fraction <= 1) {
      line.remove_prefix(static_cast<std::size_t>(end - line.data()));
      line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
      if (on_progress_) on_progress_(fraction, line);
    }
  } else if (!line_.empty()) {
    kept_ += line_ + "\n";
    if (kept_.size() > 2 * kKeptBytes) kept_.erase(0, kept_.size() - kKeptBytes);
  }
  line_.clear();
}

std::string CommandLog::tail() const {
  std::string text = kept_ + line_;
  if (!text.empty() && text.back() == '\n') text.pop_back();
  if (text.empty()) return "";
  std::size_t from = text.size();
  for (std::size_t lines = 0; lines < kShownLines && from != std::string::npos; ++lines) {
    from = from == 0 ? std::string::npos : text.rfind('\n', from - 1);
  }
  std::string shown = "\n  its last lines were:";
  for (std::size_t at = from == std::string::npos ? 0 : from + 1; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    shown += "\n    " + text.substr(at, end - at);
    at = end + 1;
  }
  return shown;
}

}  // namespace neve
