#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Quantities as people read them, in tables and messages: three significant digits and a unit that fits.
namespace neve {

/// "512 B", "3.20 KiB", "14.0 MiB".
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

/// "85.0 us", "12.3 ms", "4.56 s", "3 min 20 s", "5 h 12 min"; "-" for nothing measured (0).
[[nodiscard]] std::string seconds_text(double seconds);

/// "10200/s", "3.60 %/s", "12.0 stages/min": what is counted may be left out.
[[nodiscard]] std::string rate_text(double per_second, std::string_view what = {});

/// "1 entry", "2 entries".
[[nodiscard]] std::string count_text(std::uint64_t count, std::string_view one, std::string_view many);

}  // namespace neve
