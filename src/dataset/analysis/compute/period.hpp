#pragma once

#include <cstdint>
#include <string>

#include <neve/dataset/schema.hpp>

namespace neve::dataset {

/// The grain to use for the one asked for: `automatic` is the finest that the best time candidate gives. Throws
/// `invalid_argument` if no time columns give it, saying what they do.
[[nodiscard]] Grain resolve_grain(const Schema& schema, Grain asked);

/// The columns that periods of that grain come from; null for the grain `none` and where there are none.
[[nodiscard]] const TimeCandidate* time_candidate(const Schema& schema, Grain grain);

/// A BIGINT expression in SQL that numbers periods in order of time, NULL for rows that do not say theirs: years, or
/// year * 4 + quarter - 1, or year * 12 + month - 1. From the best time candidate that is fine enough; for the grain
/// `none`: NULL.
[[nodiscard]] std::string period_sql(const Schema& schema, Grain grain);

/// The period's key: `2024-M02`, `2024-Q1`, `2024`.
[[nodiscard]] std::string period_key(std::int64_t number, Grain grain);

}  // namespace neve::dataset
