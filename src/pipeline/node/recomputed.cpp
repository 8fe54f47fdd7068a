#include "pipeline/node/recomputed.hpp"

#include <neve/codec/array.hpp>
#include <neve/codec/json.hpp>

namespace neve {

std::string fingerprint(const StoredResult& result) {
  std::string text = dump_compact_json(encode_stage_entry(result).meta);
  for (const Artifact& artifact : result.artifacts) {
    for (const auto& [part, array] : artifact.arrays) text += "\n" + part + " " + array_digest(array);
  }
  return text;
}

}  // namespace neve
