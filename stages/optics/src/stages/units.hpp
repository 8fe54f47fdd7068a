#pragma once

#include <string>

namespace neve::optics {

/// A unit that suits an axis, and how many of it one SI unit is.
struct AxisUnit {
  std::string name;
  double per_si = 1;
};

[[nodiscard]] inline AxisUnit length_unit(double length_m) {
  if (length_m >= 1e3) return {"km", 1e-3};
  if (length_m >= 1) return {"m", 1};
  if (length_m >= 0.02) return {"cm", 1e2};
  return {"mm", 1e3};
}

[[nodiscard]] inline AxisUnit time_unit(double span_s) {
  if (span_s >= 2e-9) return {"ns", 1e9};
  if (span_s >= 2e-12) return {"ps", 1e12};
  return {"fs", 1e15};
}

[[nodiscard]] inline AxisUnit power_unit(double power_w) {
  if (power_w >= 1e6) return {"MW", 1e-6};
  if (power_w >= 1e3) return {"kW", 1e-3};
  if (power_w >= 1) return {"W", 1};
  return {"mW", 1e3};
}

inline constexpr double kNanometresPerMetre = 1e9;

}  // namespace neve::optics
