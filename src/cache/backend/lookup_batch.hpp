#pragma once

#include <cstddef>

namespace neve {

/// How many keys a server is asked for in one round trip: enough to hide it, few enough that their payloads do not pile
/// up on the way.
inline constexpr std::size_t kLookupBatch = 32;

}  // namespace neve
