#pragma once

#include <neve/cache/backend.hpp>
#include <neve/codec/entry.hpp>

namespace neve {

/// What a lookup says of an entry that cannot be decoded.
[[nodiscard]] constexpr MissReason miss_reason_of(EntryError::Kind kind) noexcept {
  switch (kind) {
    case EntryError::Kind::torn:
      return MissReason::torn;
    case EntryError::Kind::foreign:
      return MissReason::foreign;
    case EntryError::Kind::unsupported:
    case EntryError::Kind::too_large:
      return MissReason::unsupported;
    case EntryError::Kind::corrupt:
      break;
  }
  return MissReason::corrupt;
}

}  // namespace neve
