#pragma once

#include <cstdint>
#include <filesystem>

namespace neve {

/// Bytes of memory that this process may use: the machine's, or what a control group around it (a container, a batch
/// job) leaves of that. `root` is where /proc and /sys are found. Safe from any thread.
[[nodiscard]] std::uint64_t usable_memory(const std::filesystem::path& root);

/// The same of this machine, looked up once in the life of a process. Thread-safe; safe in a child forked at any
/// moment.
[[nodiscard]] std::uint64_t usable_memory();

}  // namespace neve
