#pragma once

#include <neve/base/clock.hpp>
#include <neve/cache/backend.hpp>

#include "cache/redis/entry/blob_store.hpp"
#include "cache/redis/entry/entry_keys.hpp"
#include "cache/redis/wire/command.hpp"
#include "cache/redis/wire/reply.hpp"

namespace neve::redis {

/// The three values stored for one entry: strings, or nil; an error if its node is away.
struct StoredEntry {
  Reply meta;
  Reply arrays;
  Reply facts;
};

/// Makes a hit or a miss out of what Redis holds for `key`.
struct EntryReader {
  const BlobStore* blobs;  ///< null without a blob folder
  TimePoint now;
  Placement placement;

  /// A miss for everything that is not a whole, valid, unexpired entry. `sealed` is false for a hit that phys-pipeline
  /// or another foreign writer stored, whose expiry only the server knows. Throws `io` if a blob cannot be read.
  struct Outcome {
    LookupResult result;
    bool sealed = true;
  };
  [[nodiscard]] Outcome read(const Key& key, const StoredEntry& stored) const;
};

}  // namespace neve::redis
