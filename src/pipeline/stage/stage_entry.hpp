#pragma once

#include <string>
#include <vector>

#include <neve/codec/entry.hpp>
#include <neve/pipeline/stage_result.hpp>

namespace neve {

/// What of a result is stored under its key: everything but the provenance of the run. docs/formats/stage-result.md.
struct StoredResult {
  State state;
  Metrics metrics;
  std::vector<Artifact> artifacts;  ///< ordered by name, without references
  std::vector<std::string> warnings{};
  std::string output_hash;
};

/// The same result always gives the same entry. Arrays are shared, not copied.
[[nodiscard]] Entry encode_stage_entry(const StoredResult& result);

/// Takes an entry apart. Throws `unsupported` if it holds something else than a stage result of a known format version,
/// `corrupt` if it says it does but its parts are not there.
[[nodiscard]] StoredResult decode_stage_entry(Entry entry);

/// Reduces arrays and documents to their previews until what is left fits `kKeptArtifactBytes`: the smallest are kept,
/// and of equal ones the first by name.
void keep_small_artifacts(std::vector<Artifact>& artifacts);

}  // namespace neve
