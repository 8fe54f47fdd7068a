#pragma once

#include <fmt/format.h>

#include <neve/base/error.hpp>
#include <neve/optics/grid.hpp>

namespace neve::optics {

/// Throws `invalid_argument`: none of the grid's frequencies is between the two wavelengths.
[[noreturn]] inline void refuse_wavelengths(const Grid& grid, double shortest_m, double longest_m) {
  std::size_t first = 0;
  while (grid.frequency_hz(grid.ascending_bin(first)) <= 0) ++first;
  throw Error(
      ErrorCode::invalid_argument,
      fmt::format("the grid has no frequency between {:g} m and {:g} m of wavelength; it reaches from {:g} m to "
                  "{:g} m",
                  shortest_m, longest_m, kSpeedOfLight / grid.frequency_hz(grid.ascending_bin(grid.points - 1)),
                  kSpeedOfLight / grid.frequency_hz(grid.ascending_bin(first))));
}

}  // namespace neve::optics
