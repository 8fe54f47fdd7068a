#pragma once

#include <string>

namespace neve {

/// Names the machine for as long as it runs: its processes and no other machine's see the same text. Empty if the
/// system does not say.
[[nodiscard]] std::string machine_since_boot();

/// Writes the name of this machine into the open, empty file: on a shared filesystem locks may be each machine's own,
/// and then only this tells whose are seen. A disk without room for it is no error.
void note_machine(int fd) noexcept;

/// Whether the open file was noted by this machine since it was started.
[[nodiscard]] bool noted_here(int fd) noexcept;

}  // namespace neve
