#include "cli/program/interrupt.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <neve/base/error.hpp>

namespace neve::cli {
namespace {

/// Signals that follow each other faster come from one request: `timeout` sends its own to the command and to the whole
/// group, a terminal that is closed and its shell both send SIGHUP, and a service manager sends two kinds.
constexpr std::chrono::seconds kOneRequest{1};

/// Those that nobody has told this process to ignore, as nohup and shells in the background do.
sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction current {};
    if (::sigaction(number, nullptr, &current) == 0 && current.sa_handler == SIG_IGN) continue;
    sigaddset(&set, number);
  }
  return set;
}

}  // namespace

// The signals are blocked in this thread and so in every thread it starts from now on; a watcher reads them from a
// descriptor. Nothing has to be safe inside a signal handler.
Interrupt::Interrupt() {
  const sigset_t set = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = FileDescriptor(::signalfd(-1, &set, SFD_CLOEXEC));
  wake_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC));
  if (!signals_.valid() || !wake_.valid()) throw io_error("cannot watch for signals", errno);
  watcher_ = std::jthread([this] {
    std::chrono::steady_clock::time_point requested_at;
    for (;;) {
      std::array<pollfd, 2> sources{{{signals_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
      if (::poll(sources.data(), sources.size(), -1) < 0) continue;
      if (sources[1].revents != 0) return;
      signalfd_siginfo info{};
      if (::read(signals_.get(), &info, sizeof info) != sizeof info) continue;
      const auto now = std::chrono::steady_clock::now();
      if (!stop_.stop_requested()) {
        requested_at = now;
        stop_.request_stop();
      } else if (now - requested_at >= kOneRequest) {
        ::_exit(130);
      }
    }
  });
}

Interrupt::~Interrupt() {
  const std::uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof one);
  watcher_.join();
  const sigset_t set = ending_signals();
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace neve::cli
