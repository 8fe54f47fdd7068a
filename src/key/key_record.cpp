#include <neve/key/key_record.hpp>

#include <neve/base/digest.hpp>

namespace neve {
namespace {

Json or_null(const std::optional<std::string>& digest) { return digest ? Json(*digest) : Json(nullptr); }

}  // namespace

Json KeyRecord::to_json() const {
  return {{"cache_version", kCacheVersion},
          {"node_id", node_id},
          {"op_name", op_name},
          {"version", version},
          {"cfg_hash", or_null(cfg_hash)},
          {"input_hash", input_hash},
          {"dep_hashes", Json(dep_hashes)},
          {"policy_hash", or_null(policy_hash)}};
}

Key KeyRecord::key() const { return Key(sha256_hex(dump_compact_json(to_json()))); }

}  // namespace neve
