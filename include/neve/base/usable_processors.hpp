#pragma once

#include <filesystem>

namespace neve {

/// How many processors this process may keep busy, at least 1: those it may run on (`taskset`, a batch job), or as many
/// as the processor time comes to that a control group around it (a container with a quota) leaves of them, rounded up.
/// `root` is where /proc and /sys are found. Safe from any thread.
[[nodiscard]] unsigned usable_processors(const std::filesystem::path& root);

/// The same of this machine, looked up once in the life of a process. Thread-safe; safe in a child forked at any
/// moment.
[[nodiscard]] unsigned usable_processors();

}  // namespace neve
