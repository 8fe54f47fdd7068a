#include "dataset/analysis/cache/signature.hpp"

#include <neve/base/digest.hpp>

namespace neve::dataset {
namespace {

constexpr const char* kMember = "signature";

/// A part with its length, so that parts cannot flow into one another.
void add_framed(std::string& message, std::string_view part) {
  message.append(std::to_string(part.size())).append(":").append(part);
}

}  // namespace

std::string signature_of(std::string_view secret, std::string_view key, const Entry& entry) {
  std::string message;
  add_framed(message, key);
  Json meta = entry.meta;
  meta.erase(kMember);
  add_framed(message, dump_compact_json(meta));
  for (const auto& [name, array] : entry.arrays) {
    add_framed(message, name);
    add_framed(message, array_digest(array));
  }
  return hmac_sha256_hex(secret, message);
}

bool signed_with(std::string_view secret, std::string_view key, const Entry& entry) {
  const auto found = entry.meta.find(kMember);
  if (found == entry.meta.end() || !found->is_string()) return false;
  return equal_in_constant_time(found->get_ref<const std::string&>(), signature_of(secret, key, entry));
}

}  // namespace neve::dataset
