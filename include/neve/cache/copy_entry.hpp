#pragma once

#include <cstdint>
#include <string>

#include <neve/cache/backend.hpp>

namespace neve {

/// What became of an entry that was to be copied.
enum class CopyOutcome {
  copied,
  there,     ///< the other cache has an entry under the key already, which was not read and stays as it is
  missed,    ///< a lookup in the source does not find it
  declined,  ///< the other cache does not take it
};

/// The outcome of copying one entry. A plain value.
struct CopyResult {
  CopyOutcome outcome = CopyOutcome::copied;
  MissReason reason = MissReason::none;  ///< of `missed`
  std::string detail;                    ///< of `missed` and `declined`, for a person
  std::uint64_t stored_bytes = 0;        ///< of `copied`
};

/// Copies the entry under `key` with its recipe, its expiry and what it cost to compute. As with a promotion, what
/// others store in `to` or erase in `from` meanwhile wins, where both are disk or Redis caches; an entry without an
/// expiry gets the one that `to` gives to those that name none. Throws what the caches throw.
CopyResult copy_entry(CacheBackend& from, CacheBackend& to, const Key& key);

}  // namespace neve
