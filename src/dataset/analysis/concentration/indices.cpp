#include "dataset/analysis/concentration/indices.hpp"

#include <algorithm>

#include "dataset/analysis/concentration/rounding.hpp"

namespace neve::dataset {
namespace {

constexpr std::size_t kLorenzSteps = 100;

Wide sum_of_squares(std::span<const Int128> sums) {
  Wide squares;
  for (const Int128 sum : sums) squares += Wide::product(magnitude(sum), magnitude(sum));
  return squares;
}

/// 2·Σ i·x₍ᵢ₎ / (n·Σx) − (n+1)/n with x ascending, which is (2·Σ i·x₍ᵢ₎ − (n+1)·Σx) / (n·Σx).
DecimalText gini_of(std::span<const Int128> descending, Int128 total) {
  const std::size_t n = descending.size();
  Wide weighted;
  for (std::size_t i = 0; i < n; ++i) weighted += Wide::of(magnitude(descending[i])) * (n - i);
  weighted *= 2;
  weighted -= Wide::of(magnitude(total)) * (n + 1);
  return ratio_text(weighted, Wide::of(magnitude(total)) * n, kIndexPlaces);
}

std::vector<std::pair<DecimalText, DecimalText>> lorenz_of(std::span<const Int128> descending, Int128 total) {
  const std::size_t n = descending.size();
  const std::size_t steps = std::min(n, kLorenzSteps);
  std::vector<std::pair<DecimalText, DecimalText>> curve;
  curve.reserve(steps + 1);
  Int128 cumulative = 0;
  std::size_t counted = 0;
  for (std::size_t step = 0; step <= steps; ++step) {
    const std::size_t count = step * n / steps;
    for (; counted < count; ++counted) cumulative += descending[n - 1 - counted];
    curve.emplace_back(percent_text(static_cast<Int128>(count), static_cast<Int128>(n)),
                       percent_text(cumulative, total));
  }
  return curve;
}

}  // namespace

ConcentrationIndices indices_of(std::span<const Int128> descending, Int128 total) {
  const Wide squares = sum_of_squares(descending);
  const Wide square_of_total = Wide::product(magnitude(total), magnitude(total));
  ConcentrationIndices indices;
  indices.hhi = ratio_text(squares, square_of_total, kIndexPlaces);
  indices.hhi_10000 = ratio_text(squares * 10'000, square_of_total, kPercentPlaces);
  indices.effective_entities = ratio_text(square_of_total, squares, kIndexPlaces);
  indices.gini = gini_of(descending, total);
  indices.lorenz = lorenz_of(descending, total);
  return indices;
}

}  // namespace neve::dataset
