#pragma once

#include <string>

#include <neve/base/clock.hpp>

namespace neve::cli {

/// "00:12", "3:05:00": for clocks that tick.
[[nodiscard]] std::string clock_text(double seconds);

/// "2026-11-22 14:03:07" in the local time zone.
[[nodiscard]] std::string time_text(TimePoint time);

/// "3 min ago", "in 5 h", seen from `now`.
[[nodiscard]] std::string relative_text(TimePoint time, TimePoint now);

}  // namespace neve::cli
