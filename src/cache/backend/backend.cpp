#include <neve/cache/backend.hpp>

#include "cache/backend/same_entry.hpp"

namespace neve {

std::string_view to_string(MissReason reason) noexcept {
  switch (reason) {
    case MissReason::none:
      return "none";
    case MissReason::absent:
      return "absent";
    case MissReason::expired:
      return "expired";
    case MissReason::half:
      return "half";
    case MissReason::torn:
      return "torn";
    case MissReason::corrupt:
      return "corrupt";
    case MissReason::foreign:
      return "foreign";
    case MissReason::unsupported:
      return "unsupported";
    case MissReason::unavailable:
      return "unavailable";
  }
  return "unknown";
}

std::vector<LookupResult> CacheBackend::lookup_many(std::span<const Key> keys, const LookupOptions& options) {
  std::vector<LookupResult> results;
  results.reserve(keys.size());
  for (const Key& key : keys) results.push_back(lookup(key, options));
  return results;
}

Presence CacheBackend::presence(const Key& key) { return {contains(key), std::nullopt}; }

bool CacheBackend::still_has(const Key& key, const LookupResult& found) {
  const Presence now = presence(key);
  return now.there && !lasts_longer(found.expires_at, now.expires_at);
}

bool CacheBackend::touch(const Key& key, std::optional<TimePoint> expires_at) {
  const LookupResult found = lookup(key, {});
  if (!found.hit()) return false;
  StoreOptions options;
  options.expires_at = expires_at;
  options.recipe = found.recipe;
  options.compute_s = found.compute_s;
  return store(key, *found.entry, options).stored;
}

}  // namespace neve
