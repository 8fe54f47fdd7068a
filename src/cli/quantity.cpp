#include "cli/quantity.hpp"

#include <array>
#include <cmath>
#include <ctime>

#include <fmt/format.h>

namespace neve::cli {
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
  if (seconds == 0) return "-";
  if (seconds < 1e-3) return three_digits(seconds * 1e6) + " us";
  if (seconds < 1) return three_digits(seconds * 1e3) + " ms";
  if (seconds < 99.95) return three_digits(seconds) + " s";
  if (seconds < 3570) return two_parts(seconds, 60, "min", 1, "s");
  if (seconds < 48 * 3600) return two_parts(seconds, 3600, "h", 60, "min");
  return two_parts(seconds, 86400, "d", 3600, "h");
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{:02}:{:02}", whole / 60, whole % 60);
}

std::string time_text(TimePoint time) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::seconds>(time));
  std::tm local{};
  ::localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local);
  return {text.data(), size};
}

std::string relative_text(TimePoint time, TimePoint now) {
  const double seconds = std::chrono::duration<double>(now - time).count();
  if (std::abs(seconds) < 1) return "now";
  const std::string amount =
      seconds_text(std::abs(seconds) < 99.95 ? std::round(std::abs(seconds)) : std::abs(seconds));
  return seconds > 0 ? amount + " ago" : "in " + amount;
}

std::string count_text(std::uint64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace neve::cli
