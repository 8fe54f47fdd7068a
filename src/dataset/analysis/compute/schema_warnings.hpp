#pragma once

#include <vector>

#include <neve/dataset/analysis/concentration.hpp>
#include <neve/dataset/schema.hpp>

namespace neve::dataset {

/// Whether an answer repeats such a warning of the schema, because it may be wrong for its reason.
[[nodiscard]] bool concerns_answers(const SchemaWarning& warning);

/// What the schema has to say about the columns that canonical params ask for, and about which of several columns the
/// periods come from.
[[nodiscard]] std::vector<AnalysisWarning> warnings_of_schema(const Schema& schema, const ConcentrationParams& params);

}  // namespace neve::dataset
