#pragma once

#include <neve/optics/fiber.hpp>

#include "interaction_picture.hpp"

namespace neve::optics {

/// Shows the planes a watcher asked for, each once, while the solver passes them. Not thread-safe.
class Snapshots {
 public:
  /// `watch` must outlive this.
  Snapshots(const PropagationWatch& watch, double length_m);

  void show_start(const ComplexArray& spectrum);

  /// Shows the planes inside the step of `h_m` from `z_m` that the solver attempted last; all that are left if it is
  /// the last step.
  void show_within(const InteractionPicture& solver, double z_m, double h_m, bool last);

 private:
  void show(double z_m, const ComplexArray& spectrum);

  const PropagationWatch& watch_;
  double length_m_;
  std::size_t shown_ = 0;
  ComplexArray buffer_;
};

}  // namespace neve::optics
