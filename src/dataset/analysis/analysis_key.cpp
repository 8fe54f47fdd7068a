#include <neve/dataset/analysis/analysis_key.hpp>

#include <neve/base/digest.hpp>
#include <neve/codec/json.hpp>

namespace neve::dataset {

std::string params_hash(const ConcentrationParams& params) {
  Json thresholds = Json::array();
  for (const Threshold& threshold : params.thresholds) thresholds.push_back(threshold.text());
  Json ingredients = {{"group_by", params.group_by},
                      {"value", params.value},
                      {"period_grain", result_name(params.grain)},
                      {"thresholds_hash", sha256_hex(dump_compact_json(thresholds))}};
  if (!params.filter.empty()) ingredients["filter"] = params.filter;
  return sha256_hex(dump_compact_json(ingredients));
}

Key analysis_key(std::string_view dataset_id, std::string_view hash) {
  return Key("analysis:" + std::string(dataset_id) + ":" + std::string(hash));
}

Key schema_summary_key(std::string_view dataset_id) { return Key("schema_summary:" + std::string(dataset_id)); }

}  // namespace neve::dataset
