#pragma once

#include <string>
#include <string_view>

#include <neve/dataset/analysis/concentration.hpp>
#include <neve/key/key.hpp>

namespace neve::dataset {

/// What answers are made by. Raised whenever an answer to the same question about the same rows changes; answers of
/// another version, in caches and on disk, are not used.
inline constexpr unsigned kAnalysisVersion = 8;

/// SHA-256 of the compact JSON of `group_by`, `value`, `period_grain` and `thresholds_hash`, and of `filter` where
/// there is one (contract C4). `thresholds_hash` is the SHA-256 of the compact JSON list of their digits. The params
/// are canonical.
[[nodiscard]] std::string params_hash(const ConcentrationParams& params);

/// `analysis:{dataset_id}:{params hash}`.
[[nodiscard]] Key analysis_key(std::string_view dataset_id, std::string_view hash);

/// `schema_summary:{dataset_id}`.
[[nodiscard]] Key schema_summary_key(std::string_view dataset_id);

}  // namespace neve::dataset
