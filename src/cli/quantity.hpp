#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <neve/base/clock.hpp>

namespace neve::cli {

/// "512 B", "3.2 KiB", "14 MiB": three significant digits.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

/// "85 us", "12.3 ms", "4.56 s", "3 min 20 s", "5 h 12 min"; "-" for nothing measured (0).
[[nodiscard]] std::string seconds_text(double seconds);

/// "00:12", "3:05:00": for clocks that tick.
[[nodiscard]] std::string clock_text(double seconds);

/// "2026-11-22 14:03:07" in the local time zone.
[[nodiscard]] std::string time_text(TimePoint time);

/// "3 min ago", "in 5 h", seen from `now`.
[[nodiscard]] std::string relative_text(TimePoint time, TimePoint now);

/// "1 entry", "2 entries".
[[nodiscard]] std::string count_text(std::uint64_t count, const char* one, const char* many);

}  // namespace neve::cli
