#pragma once

#include <cstddef>
#include <filesystem>

namespace neve {

/// What to do where the system starts no more threads or processes, for messages.
inline constexpr const char* kMoreProcesses =
    "raise the limit of processes (ulimit -u, the container's pids) or of address space (ulimit -v)";

/// Whether a limit on processes (`ulimit -u`, a container's pids) or on address space (`ulimit -v`) may be too near for
/// so many threads. `root` is where /proc and /sys are found. Safe from any thread.
[[nodiscard]] bool thread_limits_are_near(std::size_t threads, const std::filesystem::path& root = "/");

/// How many of `wanted` threads (at least 1) this process can start and leave each what it may need beside: a program
/// in a shell, with a thread of its own, and the address space that its allocations take. Where no limit is near, all;
/// else they are started and ended to see, at most four for each. Throws `unavailable` if not one can be started. What
/// was found to be possible once is not tried again, and what was not is not for ten seconds. Thread-safe.
[[nodiscard]] std::size_t startable_threads(std::size_t wanted);

}  // namespace neve
