#include <neve/key/key_record.hpp>

#include <neve/base/digest.hpp>
#include <neve/codec/json_string.hpp>

namespace neve {
namespace {

Json or_null(const std::optional<std::string>& digest) { return digest ? Json(*digest) : Json(nullptr); }

/// Room for the names and quotes of a record and three digests; more for each dependency and the texts.
constexpr std::size_t kUsualBytes = 512;

void append_digest(std::string& out, const std::optional<std::string>& digest) {
  if (digest) {
    append_json_string(out, *digest);
  } else {
    out += "null";
  }
}

// What dump_compact_json(record.to_json()) gives, without the tree: a key is made for every lookup.
std::string compact_text(const KeyRecord& record) {
  std::string out;
  out.reserve(kUsualBytes + 128 * record.dep_hashes.size());
  out += R"({"cache_version":")";
  out.append(kCacheVersion).append(R"(","cfg_hash":)");
  append_digest(out, record.cfg_hash);
  out += R"(,"dep_hashes":{)";
  bool first = true;
  for (const auto& [name, digest] : record.dep_hashes) {
    if (!first) out += ',';
    first = false;
    append_json_string(out, name);
    out += ':';
    append_json_string(out, digest);
  }
  out += R"(},"input_hash":)";
  append_json_string(out, record.input_hash);
  out += R"(,"node_id":)";
  append_json_string(out, record.node_id);
  out += R"(,"op_name":)";
  append_json_string(out, record.op_name);
  out += R"(,"policy_hash":)";
  append_digest(out, record.policy_hash);
  out += R"(,"version":)";
  append_json_string(out, record.version);
  return out += '}';
}

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

Key KeyRecord::key() const { return Key(sha256_hex(compact_text(*this))); }

}  // namespace neve
