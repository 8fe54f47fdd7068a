#include "edges.hpp"

#include <cmath>

namespace neve::optics {

Drift drift_of(const ComplexArray& spectrum, const RealArray& delays, double scale, double window_s) {
  constexpr double kFaintest = 1e-9;
  constexpr double kMostLooks = 40;  // the edge is 1/20 of the window, so light passing it is seen in it twice
  double brightest = 0;
  for (const Complex& a : spectrum) brightest = std::max(brightest, std::norm(a));
  double all = 0;
  double lost = 0;
  double farthest = 0;  // in windows
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    const double power = std::norm(spectrum[k]);
    all += power;
    if (power <= kFaintest * brightest) continue;
    const double windows = std::abs(scale * delays[k]) / window_s;
    farthest = std::max(farthest, windows);
    if (windows >= 1) lost += power;
  }
  const double looks = std::clamp(std::ceil(farthest * kMostLooks), 1.0, kMostLooks);
  return {static_cast<std::size_t>(looks), all > 0 ? lost / all : 0.0};
}

}  // namespace neve::optics
