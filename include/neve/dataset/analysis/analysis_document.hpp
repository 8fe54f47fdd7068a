#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <neve/dataset/analysis/concentration.hpp>

namespace neve::dataset {

/// A question about one dataset with its answer: what `concentration.json` holds. A plain value.
struct AnalysisDocument {
  std::string dataset_id;
  ConcentrationParams params;  ///< `grain` as it was resolved, never `automatic`
  ConcentrationResult result;
  std::vector<AnalysisWarning> warnings;  ///< of the result
};

/// The document as JSON text, every decimal as a JSON number with all its digits (docs/guide/concentration.md lists the
/// members). Equal documents give equal bytes.
[[nodiscard]] std::string to_json_text(const AnalysisDocument& document);

/// Reads what `to_json_text` wrote. Throws `corrupt` for anything else; no digit is lost on the way.
[[nodiscard]] AnalysisDocument read_analysis_document(std::string_view json_text);

}  // namespace neve::dataset
