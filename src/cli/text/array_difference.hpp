#pragma once

#include <cstdint>
#include <optional>

#include <neve/codec/array.hpp>

namespace neve::cli {

/// How far the elements of two arrays are apart. A plain value.
struct ArrayDifference {
  std::uint64_t elements = 0;
  std::uint64_t different = 0;   ///< NaN is equal to NaN here, and 0 to -0
  std::uint64_t not_finite = 0;  ///< of these, where one of the two is NaN or infinite
  /// Where both are finite: the greatest |a - b| and the greatest |a - b| / |b| with b not 0, as in
  /// numpy.testing.assert_allclose. Nothing where no two elements that differ are, or they are no numbers.
  std::optional<double> absolute{};
  std::optional<double> relative{};
  std::optional<double> norm{};  ///< ||a - b|| / ||b||, the Euclidean norms, over all that are finite in both
  Shape at{};                    ///< the index of the greatest |a - b|, else of the first that differ; empty if none do
};

/// Numbers are compared by value, whatever their types and the orders in memory; texts, times, half-precision numbers
/// and those of the foreign byte order by their bytes. Nothing if the shapes differ, or the types of what is compared
/// by its bytes.
[[nodiscard]] std::optional<ArrayDifference> difference(const Array& a, const Array& b);

}  // namespace neve::cli
