#include "cli/text/time_text.hpp"

#include <array>
#include <cmath>
#include <ctime>

#include <fmt/format.h>

#include <neve/base/quantity.hpp>

namespace neve::cli {

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

}  // namespace neve::cli
