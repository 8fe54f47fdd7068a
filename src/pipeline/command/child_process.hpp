#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace neve {

/// How a command is run. A plain value.
struct ChildOptions {
  std::string command;  ///< given to `/bin/sh -c` as one argument
  std::filesystem::path working_folder;
  std::vector<std::string> environment;   ///< all of it, as "NAME=value"
  std::chrono::milliseconds grace{2000};  ///< between SIGTERM and SIGKILL
  std::stop_token stop;
  std::function<void(std::string_view)> on_output;  ///< stdout and stderr as they come; may be empty
};

/// How a command ended. A plain value.
struct ChildResult {
  enum class End { exited, signalled, stopped };
  End end = End::exited;
  int code = 0;  ///< exit status, or the signal's number
};

/// Runs a command in a process group of its own with stdin empty, and waits for it.
///
/// When a stop is requested the whole group gets SIGTERM and, if anything of it is left after the
/// grace, SIGKILL. Whatever the command left running in its group is killed when it ends; a process that made a group
/// or session of its own (a daemon) lives on, but is neither waited for nor listened to. Throws `io` if the command
/// cannot be started, or the system would reap it; then nothing runs; and if others in this process have reaped it.
/// Safe from any thread.
[[nodiscard]] ChildResult run_child(const ChildOptions& options);

}  // namespace neve
