#pragma once

#include <cstddef>
#include <optional>

#include <neve/optics/fiber.hpp>

namespace neve::optics {

/// Decides how far the next step goes: equal steps, or lengths / 2^(level/4) that follow the local error, so that few
/// different sizes occur. The last step ends where the fibre does. Not thread-safe.
class StepControl {
 public:
  StepControl(double length_m, double first_guess_m, const Stepping& stepping);

  /// The step to try from `z_m`.
  [[nodiscard]] double step_from(double z_m);

  /// Whether the step that `step_from` gave reaches the end.
  [[nodiscard]] bool is_last() const noexcept { return last_; }

  /// Whether a step of `step_m` with `error` may stand; adapts the size of the next one. Of equal steps any may whose
  /// error is a number.
  [[nodiscard]] bool accepts(double step_m, double error);

  /// After a step that may not stand: whether there is none left to try, as they have become too short to move on, or
  /// are equal.
  [[nodiscard]] bool is_exhausted() const noexcept;

 private:
  [[nodiscard]] int level_below(double step_m) const;

  double length_m_;
  double tolerance_;
  std::optional<std::size_t> equal_steps_;
  std::size_t taken_ = 0;
  int level_ = 0;
  bool last_ = false;
};

}  // namespace neve::optics
