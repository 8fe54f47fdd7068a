#include "step_control.hpp"

#include <algorithm>
#include <cmath>

namespace neve::optics {
namespace {

constexpr int kOctave = 4;                  // levels for a factor of two
constexpr int kFinestLevel = 45 * kOctave;  // 2^-45 of the length: positions could hardly tell such a step from none

}  // namespace

StepControl::StepControl(double length_m, double first_guess_m, const Stepping& stepping)
    : length_m_(length_m), tolerance_(stepping.tolerance), equal_steps_(stepping.steps), level_(0) {
  level_ = level_below(first_guess_m);
}

double StepControl::step_from(double z_m) {
  if (equal_steps_) {
    last_ = taken_ + 1 == *equal_steps_;
    return length_m_ / static_cast<double>(*equal_steps_);
  }
  const double step_m = length_m_ * std::exp2(-static_cast<double>(level_) / kOctave);
  const double remaining_m = length_m_ - z_m;
  last_ = step_m >= remaining_m * (1 - 1e-12);
  return last_ ? remaining_m : step_m;
}

bool StepControl::accepts(double step_m, double error) {
  ++taken_;
  if (equal_steps_) return std::isfinite(error);
  constexpr double kSafety = 0.9;
  const bool good = error <= tolerance_;  // false for NaN
  const double ratio = kSafety * std::pow(tolerance_ / std::max(error, 1e-300), 0.25);
  const int wanted = std::isfinite(ratio) ? level_below(step_m * ratio) : level_ + kOctave;
  const int coarsest = good ? level_ - kOctave : level_ + 1;
  level_ = std::max({std::min(wanted, level_ + 2 * kOctave), coarsest, 0});
  return good;
}

bool StepControl::is_exhausted() const noexcept { return equal_steps_ || level_ > kFinestLevel; }

// The coarsest level whose step is no longer than `step_m`.
int StepControl::level_below(double step_m) const {
  constexpr double kRounding = 1e-9;
  const double level = std::ceil(kOctave * std::log2(length_m_ / step_m) - kRounding);
  return static_cast<int>(std::clamp(level, 0.0, 2.0 * kFinestLevel));
}

}  // namespace neve::optics
