#include "snapshots.hpp"

#include <algorithm>

namespace neve::optics {

Snapshots::Snapshots(const PropagationWatch& watch, double length_m) : watch_(watch), length_m_(length_m) {}

void Snapshots::show_start(const ComplexArray& spectrum) {
  if (watch_.snapshot && watch_.snapshots > 0) show(0.0, spectrum);
}

void Snapshots::show_within(const InteractionPicture& solver, double z_m, double h_m, bool last) {
  while (watch_.snapshot && shown_ < watch_.snapshots) {
    const double plane_m = length_m_ * static_cast<double>(shown_) / static_cast<double>(watch_.snapshots - 1);
    if (!last && plane_m > z_m + h_m) return;
    solver.interpolate(std::min((plane_m - z_m) / h_m, 1.0), buffer_);
    show(plane_m, buffer_);
  }
}

void Snapshots::show(double z_m, const ComplexArray& spectrum) {
  ++shown_;
  watch_.snapshot(z_m, spectrum);
}

}  // namespace neve::optics
