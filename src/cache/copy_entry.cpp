#include <neve/cache/copy_entry.hpp>

#include <exception>
#include <utility>

namespace neve {
namespace {

CopyResult missed(MissReason reason, std::string detail) {
  CopyResult result;
  result.outcome = CopyOutcome::missed;
  result.reason = reason;
  result.detail = std::move(detail);
  return result;
}

CopyResult already_there() {
  CopyResult result;
  result.outcome = CopyOutcome::there;
  return result;
}

}  // namespace

CopyResult copy_entry(CacheBackend& from, CacheBackend& to, const Key& key) {
  if (to.presence(key).there) return already_there();
  LookupResult found = from.lookup(key, {});
  if (!found.hit()) return missed(found.reason, std::move(found.detail));
  bool gone = false;
  StoreOptions options;
  options.expires_at = found.expires_at;
  options.recipe = found.recipe;
  options.compute_s = found.compute_s;
  options.still_there = [&] {
    try {
      gone = !from.still_has(key, found);
    } catch (const std::exception&) {
      gone = true;  // it may be, and a copy of what was erased must not come to light
    }
    return !gone;
  };
  StoreResult stored = to.store(key, *found.entry, options);
  CopyResult result;
  result.stored_bytes = stored.stored_bytes;
  if (stored.stored) return result;
  if (gone) return missed(MissReason::absent, "it was erased or replaced meanwhile");
  if (stored.overtaken) return already_there();
  result.outcome = CopyOutcome::declined;
  result.detail = std::move(stored.declined);
  return result;
}

}  // namespace neve
