#include <neve/cache/null_cache.hpp>

namespace neve {

LookupResult NullCache::lookup(const Key& /*key*/, const LookupOptions& /*options*/) {
  LookupResult result;
  result.tier = name();
  return result;
}

StoreResult NullCache::store(const Key& /*key*/, const Entry& /*entry*/, const StoreOptions& /*options*/) {
  StoreResult result;
  result.declined = "caching is off";
  return result;
}

bool NullCache::erase(const Key& /*key*/) { return false; }

bool NullCache::contains(const Key& /*key*/) { return false; }

Usage NullCache::usage() { return {}; }

}  // namespace neve
