#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>

#include <neve/dataset/analysis/concentration.hpp>
#include <neve/dataset/schema.hpp>

namespace neve::dataset {

/// What a computation may use. None of it changes the result.
struct ComputeLimits {
  unsigned threads = 0;            ///< 0: as many as the machine has
  std::uint64_t memory_bytes = 0;  ///< 0: most of the machine's
  std::filesystem::path
      spill_folder;  ///< for what does not fit, in a folder of its own there; empty: fails with `too_large` instead
};

/// The question as it will be answered: columns by their normalised names, the grain resolved, thresholds sorted and
/// each once, the filter in its one spelling. Equal questions become equal, which is what keys and artifacts are named
/// by.
///
/// Throws `invalid_argument` for a column there is not (with the nearest name and the list), a value column that is not
/// numeric, a grain the time columns do not give, and a filter that cannot be read.
[[nodiscard]] ConcentrationParams canonical_params(const ConcentrationParams& params, const Schema& schema);

/// Answers canonical params from a normalised table, exactly; equal rows give an equal result whatever their order and
/// the number of threads. Rows that sum up others (`Schema::total_rows_column`) are left out.
///
/// Throws `cancelled` soon after `stop` is requested; `too_large` for sums beyond 38 digits or for want of memory; `io`
/// if the table cannot be read. Cost: one pass over three columns and what the filter names, plus O(n log n) in the
/// number of entities of each period.
[[nodiscard]] ConcentrationResult compute_concentration(const std::filesystem::path& parquet, const Schema& schema,
                                                        const ConcentrationParams& params,
                                                        const ComputeLimits& limits = {},
                                                        const std::stop_token& stop = {});

}  // namespace neve::dataset
