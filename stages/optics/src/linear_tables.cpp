#include "linear_tables.hpp"

#include <algorithm>
#include <limits>
#include <numbers>

namespace neve::optics {
namespace {

// sum over m >= 2 of beta_m W^m / m!, by Horner from the highest order.
double dispersion_per_m(const std::vector<double>& betas, double offset_rad_per_s) {
  double sum = 0;
  for (std::size_t i = betas.size(); i-- > 0;) {
    sum = (sum * offset_rad_per_s / static_cast<double>(i + 3)) + betas[i];
  }
  return 0.5 * sum * offset_rad_per_s * offset_rad_per_s;
}

}  // namespace

// sum over m >= 2 of beta_m W^(m-1) / (m-1)!, by Horner from the highest order.
double delay_s_per_m(const std::vector<double>& betas, double offset_rad_per_s) {
  double sum = 0;
  for (std::size_t i = betas.size(); i-- > 0;) {
    sum = (sum * offset_rad_per_s / static_cast<double>(i + 2)) + betas[i];
  }
  return sum * offset_rad_per_s;
}

LinearTables::LinearTables(const Grid& grid, const Fiber& fiber)
    : phase_per_m_(grid.points), decay_per_m_(fiber.loss_db_per_m * std::numbers::ln10 / 20.0) {
  for (std::size_t k = 0; k < grid.points; ++k) {
    phase_per_m_[k] = dispersion_per_m(fiber.betas, grid.offset_rad_per_s(k));
  }
}

Complex LinearTables::factor(std::size_t bin, double z_m) const {
  return std::polar(std::exp(-decay_per_m_ * z_m), phase_per_m_[bin] * z_m);
}

double LinearTables::phase_span_per_m(const ComplexArray& spectrum) const {
  constexpr double kFaintest = 1e-12;
  double brightest = 0;
  for (const Complex& a : spectrum) brightest = std::max(brightest, std::norm(a));
  if (brightest == 0) return 0;
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -lowest;
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    if (std::norm(spectrum[k]) < kFaintest * brightest) continue;
    lowest = std::min(lowest, phase_per_m_[k]);
    highest = std::max(highest, phase_per_m_[k]);
  }
  return highest - lowest;
}

const Complex* LinearTables::get(double z_m) {
  const auto found = std::find_if(slots_.begin(), slots_.end(),
                                  [&](const Slot& slot) { return !slot.table.empty() && slot.z_m == z_m; });
  Slot& slot = found != slots_.end() ? *found : *std::min_element(slots_.begin(), slots_.end(), [](auto& a, auto& b) {
    return a.last_use < b.last_use;
  });
  if (found == slots_.end()) {
    slot.z_m = z_m;
    slot.table.resize(phase_per_m_.size());
    for (std::size_t k = 0; k < phase_per_m_.size(); ++k) slot.table[k] = factor(k, z_m);
  }
  slot.last_use = ++uses_;
  return slot.table.data();
}

}  // namespace neve::optics
