#include "cache/redis/entry/facts.hpp"

#include <algorithm>
#include <cmath>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/codec/json.hpp>

namespace neve::redis {
namespace {

// A thousand years; what is beyond it is no measurement, and sums of it overflow.
constexpr double kLongestComputation = 3.2e10;

Json print_half(const BlobPointer& blob) {
  return Json{{"location", blob.location()}, {"sha256", blob.sha256}, {"size", blob.size}};
}

std::optional<BlobPointer> parse_half(const Json& pointer, const char* name) {
  const auto half = pointer.find(name);
  if (half == pointer.end()) return std::nullopt;
  const auto fits = [&](const char* field, Json::value_t type) {
    return half->contains(field) && half->at(field).type() == type;
  };
  if (half->is_object() && fits("sha256", Json::value_t::string) && fits("location", Json::value_t::string) &&
      half->contains("size") && half->at("size").is_number_integer() && half->at("size") >= 0) {
    BlobPointer blob{half->at("sha256").get<std::string>(), half->at("size").get<std::uint64_t>()};
    if (is_sha256_hex(blob.sha256) && half->at("location") == blob.location()) return blob;
  }
  throw Error(ErrorCode::corrupt, std::string("the pointer to the entry's ") + name + " is malformed");
}

}  // namespace

std::string print_facts(const EntryFacts& facts) {
  Json json = Json::object();
  if (facts.compute_s > 0) json["compute_s"] = facts.compute_s;
  if (facts.expires_at) json["expires_ms"] = facts.expires_at->time_since_epoch().count();
  if (facts.meta) json["meta"] = print_half(*facts.meta);
  if (facts.arrays) json["arrays"] = print_half(*facts.arrays);
  return json.empty() ? std::string() : dump_compact_json(json);
}

EntryFacts parse_facts(std::string_view text) {
  if (text.empty()) return {};
  const Json json = parse_json(text);
  if (!json.is_object()) throw Error(ErrorCode::corrupt, "the facts beside the entry are not a JSON object");
  EntryFacts facts;
  if (const auto cost = json.find("compute_s"); cost != json.end() && cost->is_number())
    facts.compute_s = std::clamp(cost->get<double>(), 0.0, kLongestComputation);
  if (std::isnan(facts.compute_s)) facts.compute_s = 0;
  if (const auto expiry = json.find("expires_ms"); expiry != json.end() && expiry->is_number_integer()) {
    facts.expires_at = TimePoint(std::chrono::milliseconds(expiry->get<std::int64_t>()));
  }
  facts.meta = parse_half(json, "meta");
  facts.arrays = parse_half(json, "arrays");
  return facts;
}

}  // namespace neve::redis
