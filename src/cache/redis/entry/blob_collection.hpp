#pragma once

#include <chrono>

#include <neve/cache/blob_sweep.hpp>
#include <neve/cache/collect_mode.hpp>
#include <neve/cache/redis_options.hpp>

#include "cache/redis/entry/blob_store.hpp"
#include "cache/redis/topology/client.hpp"

namespace neve::redis {

/// Removes the blobs that no entry on the server, or in the whole cluster, points to, if they were neither written nor
/// read for `grace`.
///
/// Errors: `invalid_argument` for one node of a cluster, which does not know the others' entries; `unavailable` if the
///   server cannot be asked, or the cluster was resharded meanwhile; `io` for a folder that cannot be read.
/// Cost: reads the facts of every entry.
BlobSweep collect_blobs(Client& client, const RedisOptions& options, BlobStore& blobs, std::chrono::seconds grace,
                        CollectMode mode);

}  // namespace neve::redis
