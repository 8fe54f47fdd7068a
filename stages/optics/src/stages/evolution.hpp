#pragma once

#include <span>
#include <vector>

#include <neve/optics/fft_planner.hpp>
#include <neve/optics/pulse.hpp>
#include <neve/pipeline/plot.hpp>

#include "aligned.hpp"

namespace neve::optics {

/// Collects what a pulse looks like along a fibre and draws it: power over time, and energy over wavelength, each
/// against distance. Holds at most 16384 columns a plane of either. Not thread-safe.
class Evolution {
 public:
  Evolution(const Grid& grid, const FftPlanner& planner);

  /// Adds the plane at `z_m`; planes come evenly spaced, in order. `spectrum` is [points] of a_k.
  void add(double z_m, std::span<const Complex> spectrum);

  /// Both in dB, 40 deep, cut to where there is light. Throw `invalid_argument` if fewer than two planes were added.
  [[nodiscard]] Plot spectral_plot() const;
  [[nodiscard]] Plot temporal_plot() const;

 private:
  void add_power(std::span<const Complex> spectrum);
  void add_density(std::span<const Complex> spectrum);
  [[nodiscard]] std::vector<double> distances(double per_m) const;

  const FftPlanner& planner_;
  Grid grid_;
  std::size_t block_;      // samples or bins that share a column
  std::size_t first_bin_;  // of positive frequency, in ascending order, at a block's start
  std::vector<double> z_m_;
  std::vector<float> power_;    // [planes][time columns]: the highest in the block
  std::vector<float> density_;  // [planes][frequency columns]: the mean, per Hz
  ComplexArray spectrum_;
  ComplexArray field_;
};

}  // namespace neve::optics
