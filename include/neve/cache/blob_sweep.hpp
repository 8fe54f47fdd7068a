#pragma once

#include <cstdint>

namespace neve {

/// Whether a sweep of a blob folder removes what it finds or only counts it.
enum class SweepMode { remove, dry_run };

/// What a sweep of the blob folder found and removed.
struct BlobSweep {
  std::uint64_t kept = 0;
  std::uint64_t removed = 0;
  std::uint64_t removed_bytes = 0;
};

}  // namespace neve
