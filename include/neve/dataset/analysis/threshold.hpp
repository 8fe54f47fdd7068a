#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace neve::dataset {

/// A share in percent, above 0 and at most 100, exact to six decimals. A plain value.
class Threshold {
 public:
  /// From `10`, `33.3`, `0.000001`. Throws `invalid_argument`, saying what a threshold may be.
  [[nodiscard]] static Threshold parse(std::string_view text);

  /// Millionths of a percent, 1 to 100,000,000.
  [[nodiscard]] std::int64_t micro_percent() const noexcept { return micro_percent_; }
  /// Canonical digits: `33.3`.
  [[nodiscard]] std::string text() const;

  friend auto operator<=>(const Threshold&, const Threshold&) = default;

 private:
  explicit Threshold(std::int64_t micro_percent) : micro_percent_(micro_percent) {}

  std::int64_t micro_percent_;
};

inline constexpr std::size_t kMaxThresholds = 20;

/// 10, 20 and 50 %.
[[nodiscard]] std::vector<Threshold> default_thresholds();

/// Thresholds from `10,20,50`: sorted, each once. Throws `invalid_argument` for one that is none, for an empty list and
/// for more than twenty.
[[nodiscard]] std::vector<Threshold> parse_thresholds(std::string_view list);

/// The same from a list, for callers that have one: sorts, drops repetitions, checks the count.
[[nodiscard]] std::vector<Threshold> canonical_thresholds(std::vector<Threshold> thresholds);

}  // namespace neve::dataset
