#pragma once

#include <neve/cache/backend.hpp>

namespace neve {

/// Gives the entry under `key` a new expiry, later or earlier; false if there is none. The expiry is sealed into the
/// entry, so this reads the entry and stores it again, in every tier; an erase in between is undone by it. Throws what
/// the backend does.
bool touch(CacheBackend& cache, const Key& key, std::optional<TimePoint> expires_at);

}  // namespace neve
