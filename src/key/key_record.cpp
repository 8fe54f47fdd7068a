#include <neve/key/key_record.hpp>

#include <neve/base/digest.hpp>

namespace neve {
namespace {

Json or_null(const std::optional<std::string>& digest) { return digest ? Json(*digest) : Json(nullptr); }

void append_text(std::string& out, const std::string& text) { out += dump_compact_json(text); }

void append_digest(std::string& out, const std::optional<std::string>& digest) {
  if (digest) {
    append_text(out, *digest);
  } else {
    out += "null";
  }
}

// What dump_compact_json(record.to_json()) gives, without the tree: a key is made for every lookup.
std::string compact_text(const KeyRecord& record) {
  std::string out = R"({"cache_version":")";
  out.append(kCacheVersion).append(R"(","cfg_hash":)");
  append_digest(out, record.cfg_hash);
  out += R"(,"dep_hashes":{)";
  bool first = true;
  for (const auto& [name, digest] : record.dep_hashes) {
    if (!first) out += ',';
    first = false;
    append_text(out, name);
    out += ':';
    append_text(out, digest);
  }
  out += R"(},"input_hash":)";
  append_text(out, record.input_hash);
  out += R"(,"node_id":)";
  append_text(out, record.node_id);
  out += R"(,"op_name":)";
  append_text(out, record.op_name);
  out += R"(,"policy_hash":)";
  append_digest(out, record.policy_hash);
  out += R"(,"version":)";
  append_text(out, record.version);
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
