#pragma once

namespace neve {

/// Whether a collection removes, or only says what it would remove: of entries on disk, and of blobs beside a Redis.
enum class CollectMode { remove, dry_run };

}  // namespace neve
