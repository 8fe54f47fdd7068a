#include "pipeline/stage/stage_entry.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include <neve/base/error.hpp>

namespace neve {
namespace {

constexpr std::string_view kFormat = "neve.stage_result";
constexpr int kFormatVersion = 1;
constexpr std::string_view kArtifactPrefix = "artifact.";  // artifact.<name>.<part>; names have no dots
constexpr std::string_view kStatePrefix = "state.";  // before state arrays whose own names begin with either prefix

std::string state_member(const std::string& name) {
  const bool taken = name.starts_with(kArtifactPrefix) || name.starts_with(kStatePrefix);
  return taken ? std::string(kStatePrefix) + name : name;
}

std::string artifact_member(const std::string& artifact, const std::string& part) {
  return std::string(kArtifactPrefix) + artifact + "." + part;
}

Json encode_artifact(const Artifact& artifact) {
  return {{"kind", to_string(artifact.kind)},
          {"partial", artifact.partial},
          {"document", artifact.document},
          {"preview", artifact.preview}};
}

ArtifactKind kind_of(const std::string& name) {
  for (const ArtifactKind kind : {ArtifactKind::plot, ArtifactKind::array, ArtifactKind::json, ArtifactKind::image}) {
    if (name == to_string(kind)) return kind;
  }
  throw Error(ErrorCode::unsupported, "the entry holds an artifact of the unknown kind '" + name + "'");
}

/// Moves the member `name` out of `object`.
Json take(Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) throw Error(ErrorCode::corrupt, std::string("the stage result has no '") + name + "'");
  return std::move(*found);
}

Json take_object(Json& object, const char* name) {
  Json member = take(object, name);
  if (!member.is_object())
    throw Error(ErrorCode::corrupt, std::string("the stage result's '") + name + "' is not an object");
  return member;
}

Artifact decode_artifact(const std::string& name, Json& json) {
  Artifact artifact;
  artifact.name = name;
  artifact.kind = kind_of(take(json, "kind").get<std::string>());
  artifact.partial = take(json, "partial").get<bool>();
  artifact.document = take(json, "document");
  artifact.preview = take(json, "preview");
  return artifact;
}

void require_format(const Json& meta) {
  const auto format = meta.find("format");
  if (format == meta.end() || *format != kFormat) {
    throw Error(ErrorCode::unsupported, "the entry under this key was not written by a neve stage");
  }
  const Json version = meta.value("format_version", Json());
  if (version != kFormatVersion) {
    throw Error(ErrorCode::unsupported, "the entry has stage result format " + version.dump() +
                                            "; this neve reads format " + std::to_string(kFormatVersion));
  }
}

/// Gives an array back to the artifact or the state it belongs to.
void place_array(StoredResult& result, const std::string& member, Array array) {
  if (member.starts_with(kStatePrefix)) {
    result.state.arrays.insert_or_assign(member.substr(kStatePrefix.size()), std::move(array));
    return;
  }
  if (!member.starts_with(kArtifactPrefix)) {
    result.state.arrays.insert_or_assign(member, std::move(array));
    return;
  }
  const std::size_t dot = member.find('.', kArtifactPrefix.size());
  const std::string_view name = std::string_view(member).substr(0, dot).substr(kArtifactPrefix.size());
  for (Artifact& artifact : result.artifacts) {
    if (dot == std::string::npos || artifact.name != name) continue;
    artifact.arrays.insert_or_assign(member.substr(dot + 1), std::move(array));
    return;
  }
  throw Error(ErrorCode::corrupt, "the stage result has an array '" + member + "' of no artifact");
}

std::uint64_t kept_bytes(const Artifact& artifact) {
  std::uint64_t bytes = artifact.document.is_null() ? 0 : dump_compact_json(artifact.document).size();
  for (const auto& [part, array] : artifact.arrays) bytes += array.bytes().size();
  return bytes;
}

/// Leaves only the preview of those artifacts of `kinds` that do not fit into `budget` bytes together, the smallest
/// first.
void keep_smallest(std::vector<Artifact>& artifacts, std::initializer_list<ArtifactKind> kinds, std::uint64_t budget) {
  std::vector<std::pair<std::uint64_t, Artifact*>> by_size;
  for (Artifact& artifact : artifacts) {
    if (std::find(kinds.begin(), kinds.end(), artifact.kind) == kinds.end()) continue;
    by_size.emplace_back(kept_bytes(artifact), &artifact);
  }
  std::stable_sort(by_size.begin(), by_size.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::uint64_t kept = 0;
  for (const auto& [bytes, artifact] : by_size) {
    kept += bytes;
    if (kept <= budget) continue;
    artifact->partial = true;
    artifact->document = nullptr;
    artifact->arrays.clear();
  }
}

}  // namespace

Entry encode_stage_entry(const StoredResult& result) {
  Entry entry;
  Json artifacts = Json::object();
  for (const Artifact& artifact : result.artifacts) {
    artifacts[artifact.name] = encode_artifact(artifact);
    for (const auto& [part, array] : artifact.arrays) {
      entry.arrays.insert_or_assign(artifact_member(artifact.name, part), array);
    }
  }
  for (const auto& [name, array] : result.state.arrays) entry.arrays.insert_or_assign(state_member(name), array);
  entry.meta = {{"format", kFormat},          {"format_version", kFormatVersion},
                {"state", result.state.meta}, {"metrics", Json(result.metrics)},
                {"artifacts", artifacts},     {"output_hash", result.output_hash}};
  if (!result.warnings.empty()) entry.meta["warnings"] = result.warnings;
  return entry;
}

StoredResult decode_stage_entry(Entry entry) {
  require_format(entry.meta);
  try {
    StoredResult result;
    result.state.meta = take_object(entry.meta, "state");
    result.output_hash = take(entry.meta, "output_hash").get<std::string>();
    const Json metrics = take_object(entry.meta, "metrics");
    for (const auto& item : metrics.items()) result.metrics.emplace(item.key(), item.value().get<double>());
    Json artifacts = take_object(entry.meta, "artifacts");
    for (const auto& item : artifacts.items()) result.artifacts.push_back(decode_artifact(item.key(), item.value()));
    if (entry.meta.contains("warnings")) result.warnings = take(entry.meta, "warnings").get<std::vector<std::string>>();
    for (auto& [member, array] : entry.arrays) place_array(result, member, std::move(array));
    return result;
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::corrupt, std::string("the stage result is malformed: ") + error.what());
  }
}

void keep_small_artifacts(std::vector<Artifact>& artifacts) {
  keep_smallest(artifacts, {ArtifactKind::array, ArtifactKind::json}, kKeptArtifactBytes);
  keep_smallest(artifacts, {ArtifactKind::image}, kKeptImageBytes);
}

}  // namespace neve
