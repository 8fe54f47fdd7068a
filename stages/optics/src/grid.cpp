#include <neve/optics/grid.hpp>

#include <bit>

#include <fmt/format.h>

#include "check.hpp"

namespace neve::optics {

Grid Grid::make(std::size_t points, double window_s, double wavelength_m) {
  require_positive("the time window (s)", window_s);
  const Grid grid{points, window_s / static_cast<double>(points), wavelength_m};
  grid.check();
  return grid;
}

bool Grid::has_valid_size(std::size_t points) noexcept {
  return std::has_single_bit(points) && points >= kFewestPoints && points <= kMostPoints;
}

void Grid::check() const {
  if (!has_valid_size(points)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("the grid has {} points; the number must be a power of two between {} and {}", points,
                            kFewestPoints, kMostPoints));
  }
  require_positive("the time step (s)", dt_s);
  require_positive("the carrier wavelength (m)", wavelength_m);
}

}  // namespace neve::optics
