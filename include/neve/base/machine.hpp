#pragma once

#include <string>

namespace neve {

/// Names the machine for as long as it runs: its processes and no other machine's see the same text. Empty if the
/// system does not say.
[[nodiscard]] std::string machine_since_boot();

/// Writes the name of this machine into the open, empty file: on a shared filesystem locks may be each machine's own,
/// and then only this tells whose are seen. A disk without room for it is no error.
void note_machine(int fd) noexcept;

/// Whether the locks (flock) that others hold on the open file are seen here: it is on a filesystem of this machine
/// alone, or was noted by this machine since it was started.
[[nodiscard]] bool sees_locks_of(int fd) noexcept;

}  // namespace neve
