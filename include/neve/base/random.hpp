#pragma once

#include <cstddef>
#include <string>

namespace neve {

/// Twice as many lower-case hexadecimal digits, which nobody can guess and nobody else has: for secrets and tokens.
/// Throws `internal` if the system has no random numbers to give. Thread-safe.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace neve
