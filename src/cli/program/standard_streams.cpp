#include "cli/program/standard_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace neve::cli {
namespace {

bool is_open(int fd) noexcept { return ::fcntl(fd, F_GETFD) != -1; }

/// A reader that has gone away from a pipe.
bool reader_has_gone() noexcept {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

}  // namespace

void prepare_standard_streams() {
  ::signal(SIGPIPE, SIG_IGN);  // a reader that goes away must not kill a run; it is noticed at the last flush
  ::signal(SIGXFSZ, SIG_IGN);  // nor must a limit of file sizes: what cannot be written is an error like a full disk
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // The lowest number that is free is this one. Opened for the wrong direction, so that using it fails as before.
    if (!is_open(fd)) (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

ExitCode finish_output(ExitCode code) noexcept {
  const bool failed = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  if (!failed || code != ExitCode::ok || reader_has_gone()) return code;
  // Whether anybody hears of it is not up to us.
  (void)std::fputs("neve: cannot write to standard output: the disk may be full, or it is closed\n", stderr);
  return ExitCode::io;
}

}  // namespace neve::cli
