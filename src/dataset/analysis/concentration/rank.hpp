#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <neve/dataset/analysis/concentration.hpp>

#include "dataset/analysis/concentration/wide.hpp"

namespace neve::dataset {

/// The sums of one period's entities, in millionths, in any order. The names are borrowed and only looked at for the
/// largest ones.
struct EntitySums {
  std::span<const Int128> sums;
  std::function<std::string_view(std::size_t)> name_of;
};

/// Everything that design §5 says about one period. Ties go by name, so the order of the entities does not matter.
/// Throws `too_large` if sums add up beyond 127 bits. O(n log n).
[[nodiscard]] PeriodConcentration rank_entities(std::string period, const EntitySums& entities,
                                                std::span<const Threshold> thresholds);

}  // namespace neve::dataset
