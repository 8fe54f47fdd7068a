#include <neve/cache/touch.hpp>

namespace neve {

bool touch(CacheBackend& cache, const Key& key, std::optional<TimePoint> expires_at) {
  const LookupResult found = cache.lookup(key, {});
  if (!found.hit()) return false;
  StoreOptions options;
  options.expires_at = expires_at;
  options.recipe = found.recipe;
  options.compute_s = found.compute_s;
  return cache.store(key, *found.entry, options).stored;
}

}  // namespace neve
