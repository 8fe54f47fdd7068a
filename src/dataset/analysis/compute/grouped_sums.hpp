#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include <neve/dataset/analysis/compute.hpp>

#include "dataset/analysis/compute/entity_names.hpp"
#include "dataset/analysis/concentration/wide.hpp"

namespace neve::dataset {

/// One entity's sum in one period, in millionths.
struct GroupedSum {
  std::optional<std::int64_t> period;  ///< as `period_sql` numbers them; absent for rows without one
  std::uint32_t entity = 0;
  Int128 sum = 0;
};

/// A table added up by period and entity, in no particular order. A group that is blank in two ways may come twice.
struct GroupedSums {
  EntityNames names;
  SimilarEntities similar;
  std::vector<GroupedSum> groups;
  std::uint64_t rows_without_value = 0;
  std::uint64_t rows_without_entity = 0;
  std::uint64_t rows_without_period = 0;  ///< 0 for the grain `none`
};

/// Adds up in DuckDB. Errors as `compute_concentration`.
[[nodiscard]] GroupedSums group_and_sum(const std::filesystem::path& parquet, const Schema& schema,
                                        const ConcentrationParams& params, const ComputeLimits& limits,
                                        const std::stop_token& stop);

}  // namespace neve::dataset
