#include <neve/base/quantity.hpp>

#include <array>
#include <cmath>

#include <fmt/format.h>

namespace neve {
namespace {

/// Three significant digits without an exponent.
std::string three_digits(double value) {
  if (value >= 99.95) return fmt::format("{:.0f}", value);
  if (value >= 9.995) return fmt::format("{:.1f}", value);
  return fmt::format("{:.2f}", value);
}

std::string two_parts(double seconds, double large, const char* large_name, double small, const char* small_name) {
  const double units = std::floor(std::round(seconds / small) * small / large);
  const double rest = std::round((seconds - units * large) / small);
  return rest == 0 ? fmt::format("{:.0f} {}", units, large_name)
                   : fmt::format("{:.0f} {} {:.0f} {}", units, large_name, rest, small_name);
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1023.5 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return three_digits(value) + " " + kUnits[unit];
}

std::string seconds_text(double seconds) {
  if (seconds <= 0) return "-";
  if (seconds < 999.5e-6) return three_digits(seconds * 1e6) + " us";
  if (seconds < 999.5e-3) return three_digits(seconds * 1e3) + " ms";
  if (seconds < 99.95) return three_digits(seconds) + " s";
  if (seconds < 3570) return two_parts(seconds, 60, "min", 1, "s");
  if (seconds < 48 * 3600) return two_parts(seconds, 3600, "h", 60, "min");
  return two_parts(seconds, 86400, "d", 3600, "h");
}

std::string rate_text(double per_second, std::string_view what) {
  constexpr double kLeast = 0.1;  // below it the larger unit of time says more
  const std::string space = what.empty() ? "" : " ";
  if (per_second >= kLeast) return fmt::format("{}{}{}/s", three_digits(per_second), space, what);
  if (per_second * 60 >= kLeast) return fmt::format("{}{}{}/min", three_digits(per_second * 60), space, what);
  return fmt::format("{}{}{}/h", three_digits(per_second * 3600), space, what);
}

std::string count_text(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace neve
