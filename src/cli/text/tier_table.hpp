#pragma once

#include <string>

#include <neve/codec/json.hpp>

namespace neve::cli {

/// A line per tier of a `CacheReport` given as JSON: hits, misses, promotions, stores, errors, bytes, latencies,
/// breaker. Empty if the text is not such a report.
[[nodiscard]] std::string tier_table(const Json& cache_report);

/// Whether a run's closing words should have the table: several tiers, a server, or trouble.
[[nodiscard]] bool worth_a_table(const Json& cache_report);

}  // namespace neve::cli
