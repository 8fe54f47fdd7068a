#pragma once

#include <cstddef>
#include <string>

namespace neve {

/// So many random bytes as twice as many lower-case hexadecimal digits, which nobody can guess: for secrets and tokens.
/// Throws `internal` if the system has no random numbers to give. Thread-safe.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace neve
