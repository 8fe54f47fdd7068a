#pragma once

#include <chrono>
#include <cstdint>

namespace neve {

/// How long a blob must not have been written or read before a sweep removes it: far longer than from writing a blob to
/// writing what points to it, and long enough to spare what is in use but pointed to from elsewhere.
inline constexpr std::chrono::hours kBlobGrace{24};

/// What a sweep of the blob folder found and removed.
struct BlobSweep {
  std::uint64_t kept = 0;
  std::uint64_t removed = 0;
  std::uint64_t removed_bytes = 0;
};

}  // namespace neve
