#pragma once

#include <stop_token>
#include <thread>

#include <neve/base/file.hpp>

namespace neve::cli {

/// Turns Ctrl-C (SIGINT), SIGTERM and SIGHUP into a stop request while it lives. A signal a second or more after the
/// first ends the process at once, which the cache and recorded files survive, since they are only ever replaced whole.
/// One at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  [[nodiscard]] std::stop_token token() const noexcept { return stop_.get_token(); }
  [[nodiscard]] bool requested() const noexcept { return stop_.stop_requested(); }

 private:
  std::stop_source stop_;
  FileDescriptor signals_;
  FileDescriptor wake_;
  std::jthread watcher_;
};

}  // namespace neve::cli
