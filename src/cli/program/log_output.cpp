#include "cli/program/log_output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <neve/base/error.hpp>

#include "cli/program/output_file.hpp"

namespace neve::cli {
namespace {

constexpr int kPatienceMs = 100;

/// The pipe opened once more: that a write to it does not wait must not become so for whoever else has it.
FileDescriptor opened_for_itself(const FileDescriptor& pipe) {
  return FileDescriptor(
      ::open(fmt::format("/proc/self/fd/{}", pipe.get()).c_str(), O_WRONLY | O_NONBLOCK | O_APPEND | O_CLOEXEC));
}

}  // namespace

LogOutput::LogOutput(const std::string& where)
    : file_(where == "-" ? FileDescriptor(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0))
                         : open_for_writing(where, O_CREAT | O_APPEND)) {
  if (!file_.valid()) throw io_error("cannot open the log '" + where + "'", errno);
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) return;
  if (S_ISSOCK(status.st_mode)) kind_ = Kind::socket;
  if (!S_ISFIFO(status.st_mode)) return;
  if (FileDescriptor own = opened_for_itself(file_); own.valid()) {
    file_ = std::move(own);
    kind_ = Kind::pipe;
  }
}

void LogOutput::write(std::string_view line) {
  const std::lock_guard lock(mutex_);
  // Who has been waited for in vain once is not waited for again before it goes on.
  if (!send_rest(dropped_ == 0 ? kPatienceMs : 0)) {
    ++dropped_;
    return;
  }
  if (dropped_ > 0) {
    rest_ = fmt::format(
        "{{\"time\":\"{:%Y-%m-%dT%H:%M:%S}Z\",\"level\":\"warning\",\"event\":\"log\",\"detail\":\"{} "
        "lines before this one are lost: {}\"}}\n",
        fmt::gmtime(std::time(nullptr)), dropped_,
        kind_ == Kind::file ? "the log's file could not be written" : "what reads the log had stopped");
    dropped_ = 0;
  }
  rest_ += line;
  (void)send_rest(kPatienceMs);
}

/// Whether all of it was taken, or will never be.
bool LogOutput::send_rest(int patience_ms) {
  while (!rest_.empty()) {
    const std::size_t taken = send(rest_);
    rest_.erase(0, taken);
    if (taken != 0 || rest_.empty()) continue;
    if (kind_ == Kind::file) return false;  // nobody tells when a disk has room again
    pollfd reader{file_.get(), POLLOUT, 0};
    if (::poll(&reader, 1, patience_ms) <= 0) return false;
  }
  return true;
}

/// How many bytes were taken. All, if nobody will ever read them; a file may have room later.
std::size_t LogOutput::send(std::string_view text) {
  const ssize_t count = kind_ == Kind::socket
                            ? ::send(file_.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                            : ::write(file_.get(), text.data(), text.size());
  if (count >= 0) return static_cast<std::size_t>(count);
  return kind_ == Kind::file || errno == EAGAIN || errno == EINTR ? 0 : text.size();
}

}  // namespace neve::cli
