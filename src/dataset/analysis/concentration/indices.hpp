#pragma once

#include <span>

#include <neve/dataset/analysis/concentration.hpp>

#include "dataset/analysis/concentration/wide.hpp"

namespace neve::dataset {

/// HHI, effective number, Gini and Lorenz curve of `descending` sums (millionths, none negative) that add up to
/// `total` > 0.
///
/// Sources: A. O. Hirschman, Am. Econ. Rev. 54, 761 (1964) for the HHI; its inverse as a number of equal entities:
/// M. A. Adelman, Rev. Econ. Stat. 51, 99 (1969); Gini of a population: P. M. Dixon et al., Ecology 68, 1548 (1987).
[[nodiscard]] ConcentrationIndices indices_of(std::span<const Int128> descending, Int128 total);

}  // namespace neve::dataset
