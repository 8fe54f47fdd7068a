#include <neve/pipeline/stage_result.hpp>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/base/utf8.hpp>

namespace neve {
namespace {

Json or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

}  // namespace

Json Provenance::to_json() const {
  Json deps = Json::object();
  for (const auto& [name, hash] : dep_hashes) deps[name] = or_null(hash);
  return {{"op_name", repaired_utf8(op_name)},
          {"version", repaired_utf8(version)},
          {"config_hash", or_null(config_hash)},
          {"policy_hash", or_null(policy_hash)},
          {"input_hash", or_null(input_hash)},
          {"dep_hashes", std::move(deps)},
          {"output_hash", or_null(output_hash)},
          {"wall_time_s", wall_time_s},
          {"compute_s", compute_s},
          {"attempts", attempts},
          {"cache",
           {{"backend", cache.backend},
            {"key", cache.key},
            {"hit", cache.hit},
            {"lookup_s", cache.lookup_s},
            {"store_s", cache.store_s},
            {"reason", repaired_utf8(cache.reason)}}}};
}

const Artifact& StageResult::artifact(std::string_view name) const {
  for (const Artifact& artifact : artifacts) {
    if (artifact.name == name) return artifact;
  }
  std::vector<std::string> names;
  for (const Artifact& artifact : artifacts) names.push_back(artifact.name);
  throw Error(ErrorCode::invalid_argument,
              "there is no artifact '" + std::string(name) + "'" + suggestion(name, names));
}

}  // namespace neve
