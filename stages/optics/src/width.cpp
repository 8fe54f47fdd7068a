#include <neve/optics/width.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "check.hpp"

namespace neve::optics {
namespace {

void require_same_length(std::span<const double> x, std::span<const double> y) {
  if (x.size() == y.size()) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("a curve has {} abscissae and {} ordinates; they must be as many", x.size(), y.size()));
}

// Where the line through samples i and j meets `level`.
double crossing(std::span<const double> x, std::span<const double> y, std::size_t i, std::size_t j, double level) {
  return x[i] + (x[j] - x[i]) * (level - y[i]) / (y[j] - y[i]);
}

}  // namespace

double full_width_half_maximum(std::span<const double> x, std::span<const double> y) {
  require_same_length(x, y);
  if (y.empty()) return 0;
  const auto peak = static_cast<std::size_t>(std::max_element(y.begin(), y.end()) - y.begin());
  const double level = 0.5 * y[peak];
  if (!(level > 0)) return 0;
  std::size_t left = peak;
  while (left > 0 && y[left] >= level) --left;
  std::size_t right = peak;
  while (right + 1 < y.size() && y[right] >= level) ++right;
  const double from = y[left] < level ? crossing(x, y, left, left + 1, level) : x[left];
  const double to = y[right] < level ? crossing(x, y, right, right - 1, level) : x[right];
  return to - from;
}

double outer_width(std::span<const double> x, std::span<const double> y, double fraction) {
  require_same_length(x, y);
  if (!(fraction > 0 && fraction < 1)) refuse("the fraction of the maximum", fraction, "between 0 and 1");
  if (y.empty()) return 0;
  const double level = fraction * *std::max_element(y.begin(), y.end());
  if (!(level > 0)) return 0;
  std::size_t first = 0;
  while (y[first] < level) ++first;
  std::size_t last = y.size() - 1;
  while (y[last] < level) --last;
  const double from = first > 0 ? crossing(x, y, first - 1, first, level) : x[first];
  const double to = last + 1 < y.size() ? crossing(x, y, last, last + 1, level) : x[last];
  return to - from;
}

double rms_width(std::span<const double> x, std::span<const double> y) {
  require_same_length(x, y);
  double weight = 0;
  double first = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    weight += y[i];
    first += y[i] * x[i];
  }
  if (!(weight > 0)) return 0;
  const double mean = first / weight;
  double second = 0;
  for (std::size_t i = 0; i < x.size(); ++i) second += y[i] * (x[i] - mean) * (x[i] - mean);
  return std::sqrt(second / weight);
}

}  // namespace neve::optics
