#pragma once

#include <chrono>

namespace neve {

/// How long this thread has been ready to run, since it began, while the machine ran others; zero where the kernel does
/// not say. Costs some microseconds.
[[nodiscard]] std::chrono::nanoseconds waited_for_processor() noexcept;

}  // namespace neve
